locals {
  inventory_fields = concat(
    ["Size", "LastModifiedDate", "StorageClass", "ETag", "ChecksumAlgorithm"],
    var.object_lock == null ? [] : ["ObjectLockMode", "ObjectLockRetainUntilDate"],
  )
}

resource "aws_s3_bucket_inventory" "this" {
  for_each = { for inventory in var.inventory[*] : "all-versions" => inventory }

  bucket                   = aws_s3_bucket.this.id
  name                     = each.key
  included_object_versions = "All"
  optional_fields          = local.inventory_fields

  schedule {
    frequency = each.value.frequency
  }

  destination {
    bucket {
      account_id = local.account
      bucket_arn = "arn:${local.partition}:s3:::${each.value.bucket}"
      prefix     = each.value.prefix
      format     = "CSV"
    }
  }
}
