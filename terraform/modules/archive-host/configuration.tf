# What changes in the life of a host. It looks here at every start and every quarter of an hour
# (files/sbin/archive-update): a new package, share or setting neither stops nor replaces it.

resource "aws_ssm_parameter" "configuration" {
  #checkov:skip=CKV2_AWS_34:It holds names and ARNs of secrets, never secrets
  name        = "/batchworks/${var.name}/configuration"
  description = "Package, shares and settings of the archive host ${var.name}"
  type        = "String"
  tier        = "Intelligent-Tiering" # more than 4 KB, with many shares, needs the advanced tier
  value       = jsonencode(local.configuration)
}

locals {
  configuration = {
    package  = var.package
    settings = local.settings
    page     = { login_secret_arn = var.page_login_secret_arn, port = var.network.page.port }
    shares = [
      for key, share in var.shares : {
        source     = "//${coalesce(share.address, share.server)}/${share.share}"
        mount      = "/srv/shares/${key}"
        secret_arn = share.credentials_secret_arn
      }
    ]
  }

  # /etc/batchworks/archive.env. A setting that is null is left to its default.
  settings = {
    for name, value in merge(
      {
        AWS_REGION             = local.region
        ARCHIVE_BUCKET         = var.archive_bucket
        ARCHIVE_LISTS_BUCKET   = var.lists.bucket
        ARCHIVE_BATCH_ROLE_ARN = var.access.batch_role_arn
        ARCHIVE_INVENTORY      = "s3://${var.lists.bucket}/${trimsuffix(var.lists.inventory_prefix, "/")}"
        ARCHIVE_REPORT_FOLDER  = "/srv/archive"
        ARCHIVE_SHARES = join(";", [
          for key, share in var.shares : "//${share.server}/${share.share}=/srv/shares/${key}"
        ])
        ARCHIVE_DUMPS = "s3://${var.lists.bucket}/${var.lists.dumps_prefix}"
        DB_HOST       = "/var/run/postgresql"
        DB_NAME       = "archive"
        DB_USERNAME   = "archive"
      },
      var.settings,
    ) : name => value if value != null
  }
}
