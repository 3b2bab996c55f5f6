resource "aws_kms_key" "this" {
  description             = "EFS file system ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  # The account's own policies say who uses it. EFS needs no entry: it works with grants, and
  # clients of the file system never see the key.
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "GovernedByTheAccount"
      Effect    = "Allow"
      Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}

resource "aws_efs_file_system" "this" {
  creation_token = var.name
  encrypted      = true
  kms_key_id     = aws_kms_key.this.arn

  performance_mode                = var.file_system.performance_mode
  throughput_mode                 = var.file_system.throughput_mode
  provisioned_throughput_in_mibps = var.file_system.provisioned_mibps

  # AWS takes each transition as a policy of its own.
  dynamic "lifecycle_policy" {
    for_each = var.file_system.lifecycle.to_ia[*]

    content {
      transition_to_ia = lifecycle_policy.value
    }
  }

  dynamic "lifecycle_policy" {
    for_each = var.file_system.lifecycle.to_archive[*]

    content {
      transition_to_archive = lifecycle_policy.value
    }
  }

  dynamic "lifecycle_policy" {
    for_each = var.file_system.lifecycle.to_primary[*]

    content {
      transition_to_primary_storage_class = lifecycle_policy.value
    }
  }

  tags = { Name = var.name }
}

resource "aws_efs_backup_policy" "this" {
  file_system_id = aws_efs_file_system.this.id

  backup_policy {
    status = var.file_system.backups ? "ENABLED" : "DISABLED"
  }
}

# With a policy of its own a file system lets nobody in unasked: a client that names no IAM role is
# anonymous, and nothing here allows the anonymous anything. The roles of controller and tasks are
# allowed by their own policies, each through its access point.
resource "aws_efs_file_system_policy" "this" {
  file_system_id = aws_efs_file_system.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyOverTls"
      Effect    = "Deny"
      Principal = { AWS = "*" }
      Action    = "*"
      Resource  = aws_efs_file_system.this.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

# Two doors into the same folder, with the same user, so that the controller sees all that tasks
# write. Apart, because a role is let in through its own door only.
resource "aws_efs_access_point" "this" {
  #checkov:skip=CKV_AWS_329:The variable's validation refuses the root; checkov can't tell by itself
  for_each = toset(["controller", "tasks"])

  file_system_id = aws_efs_file_system.this.id

  posix_user {
    uid = var.file_system.owner.uid
    gid = var.file_system.owner.gid
  }

  root_directory {
    path = var.file_system.root_directory

    creation_info {
      owner_uid   = var.file_system.owner.uid
      owner_gid   = var.file_system.owner.gid
      permissions = "0750"
    }
  }

  tags = { Name = "${var.name}-${each.key}" }

  # Lambda refuses a file system without a mount target in each of its zones, and is given this.
  depends_on = [aws_efs_mount_target.initial]
}
