# A bucket that keeps what it is given: versions, encryption, no way in but TLS, no way to the public.
#
#   main.tf        the bucket, its versions, who owns what is in it, no public access
#   encryption.tf  with S3's key or with yours
#   policy.tf      TLS only; which other buckets may deliver inventories and logs here
#   lifecycle.tf   unfinished uploads go; objects stay unless the caller says otherwise
#   lock.tf        nobody deletes a version before its time, if asked
#   inventory.tf   a list of everything in it, every day or week, if asked
#   access_log.tf  who read and wrote what, if asked
#   events.tf      S3 tells EventBridge of every object, if asked
#   files.tf       files of the build that others fetch from it, if any
#   restores.tf    the role that S3 Batch Operations restores objects with, if asked
#   alarms.tf      what wakes a person, if asked

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  partition = data.aws_partition.current.partition
  account   = data.aws_caller_identity.current.account_id
  arn       = "arn:${local.partition}:s3:::${var.name}"
}

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_18:An access log is the caller's choice, var.access_log
  #checkov:skip=CKV_AWS_144:A second region would double the price of an archive; S3 keeps each object in three zones
  #checkov:skip=CKV_AWS_145:A key of one's own is the caller's choice, var.kms_key_arn
  #checkov:skip=CKV2_AWS_62:Events are the caller's choice, var.eventbridge
  bucket        = var.name
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
