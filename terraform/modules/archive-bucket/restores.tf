locals {
  restores = { for restores in var.batch_restores[*] : "role" => restores }
}

# S3 Batch Operations takes this role while a job restores. Whoever creates the job needs
# s3:CreateJob and iam:PassRole for it. AWS documents this trust without a condition:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-iam-role-policies.html
resource "aws_iam_role" "restores" {
  for_each = local.restores

  name        = each.value.role_name
  description = "What S3 Batch Operations may do to restore objects of ${var.name}"

  permissions_boundary = each.value.boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "batchoperations.s3.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "restores" {
  for_each = local.restores

  name = "restore-objects"
  role = aws_iam_role.restores[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "RestoreObjects"
          Effect   = "Allow"
          Action   = ["s3:RestoreObject"]
          Resource = ["${local.arn}/*"]
        },
        {
          Sid      = "ReadManifests"
          Effect   = "Allow"
          Action   = ["s3:GetObject", "s3:GetObjectVersion"]
          Resource = ["arn:${local.partition}:s3:::${each.value.manifests}"]
        },
        {
          Sid      = "WriteReports"
          Effect   = "Allow"
          Action   = ["s3:PutObject"]
          Resource = ["arn:${local.partition}:s3:::${each.value.reports}"]
        },
      ],
      [
        for key in var.kms_key_arn[*] : {
          Sid      = "UseKey"
          Effect   = "Allow"
          Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
          Resource = [key]
        }
      ],
    )
  })
}
