locals {
  whole_bucket = [local.arn, "${local.arn}/*"]

  only_tls = [
    {
      Sid       = "OnlyOverTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = local.whole_bucket
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    },
    {
      Sid       = "OnlyOverTls12"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = local.whole_bucket
      Condition = { NumericLessThan = { "s3:TlsVersion" = "1.2" } }
    },
  ]

  # Services of S3 that deliver here, each for the buckets that were named.
  deliveries = {
    TakeInventories = { service = "s3.amazonaws.com", buckets = var.receives.inventories_of }
    TakeAccessLogs  = { service = "logging.s3.amazonaws.com", buckets = var.receives.access_logs_of }
  }

  deliver = [
    for sid, delivery in local.deliveries : {
      Sid       = sid
      Effect    = "Allow"
      Principal = { Service = delivery.service }
      Action    = "s3:PutObject"
      Resource  = "${local.arn}/*"
      Condition = {
        ArnEquals = {
          "aws:SourceArn" = [for bucket in delivery.buckets : "arn:${local.partition}:s3:::${bucket}"]
        }
        StringEquals = { "aws:SourceAccount" = local.account }
      }
    } if length(delivery.buckets) > 0
  ]
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.only_tls, local.deliver)
  })

  # S3 takes one change of a bucket's access at a time.
  depends_on = [aws_s3_bucket_public_access_block.this]
}
