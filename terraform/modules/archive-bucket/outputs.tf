output "name" {
  description = "Name of the bucket, once it may be used: with its policy, versions and lock."
  value       = aws_s3_bucket.this.bucket

  depends_on = [
    aws_s3_bucket_object_lock_configuration.this,
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_policy.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
  ]
}

output "arn" {
  description = "ARN of the bucket."
  value       = local.arn
}

output "kms_key_arn" {
  description = "ARN of the KMS key that encrypts it; null where S3's own does."
  value       = var.kms_key_arn
}

output "inventory" {
  description = "Where S3 delivers the inventory, as an S3 URI; null without one."
  value       = one([for each in var.inventory[*] : "s3://${each.bucket}/${each.prefix}"])

  depends_on = [aws_s3_bucket_inventory.this]
}

output "restore_role" {
  description = "Name and ARN of the role to give to S3 Batch Operations; null without one."
  value       = one([for role in aws_iam_role.restores : { name = role.name, arn = role.arn }])
}

output "files" {
  description = "The files that are kept in it: bucket, key and SHA-256 of each, by key."
  value = {
    for key, file in aws_s3_object.file :
    key => { bucket = file.bucket, key = file.key, sha256 = file.source_hash }
  }
}
