# Each file as people ask for it: where it lies on the NAS and in S3, when and how it was indexed.

locals {
  table_name  = "file_metadata${var.suffix}"
  table_arn   = "${local.arn.dynamodb}:table/${local.table_name}"
  batch_index = "sync-timestamp-index"
}

resource "aws_dynamodb_table" "files" {
  #checkov:skip=CKV_AWS_119:Names and paths of files: AWS's own key is enough
  name         = local.table_name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "file_id"
  tags         = local.tags

  deletion_protection_enabled = var.protected

  attribute {
    name = "file_id"
    type = "S"
  }

  attribute {
    name = "sync_batch_id"
    type = "S"
  }

  attribute {
    name = "indexed_at"
    type = "S"
  }

  global_secondary_index {
    name            = local.batch_index
    hash_key        = "sync_batch_id"
    range_key       = "indexed_at"
    projection_type = "ALL"
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled = true
  }
}
