# Set on the bucket as it is, so that asking for a lock later replaces no bucket.
resource "aws_s3_bucket_object_lock_configuration" "this" {
  for_each = { for lock in var.object_lock[*] : "default" => lock }

  bucket = aws_s3_bucket.this.id

  rule {
    default_retention {
      mode = each.value.mode
      days = each.value.days
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}
