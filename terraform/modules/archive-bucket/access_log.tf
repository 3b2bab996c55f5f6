resource "aws_s3_bucket_logging" "this" {
  for_each = { for log in var.access_log[*] : "log" => log }

  bucket        = aws_s3_bucket.this.id
  target_bucket = each.value.bucket
  target_prefix = each.value.prefix
}
