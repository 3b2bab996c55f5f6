resource "aws_s3_bucket_notification" "eventbridge" {
  count = var.eventbridge ? 1 : 0

  bucket      = aws_s3_bucket.this.id
  eventbridge = true
}
