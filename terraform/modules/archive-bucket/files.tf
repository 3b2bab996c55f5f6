resource "aws_s3_object" "file" {
  #checkov:skip=CKV_AWS_186:Encrypted as the bucket says, with a key of one's own if it has one
  for_each = var.files

  bucket      = aws_s3_bucket.this.bucket
  key         = each.key
  source      = each.value
  source_hash = filesha256(each.value)

  depends_on = [
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
  ]
}
