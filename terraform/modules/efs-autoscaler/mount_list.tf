locals {
  initial_mount_targets = [
    for key in sort(keys(var.mount_targets)) : {
      mount_target_id   = aws_efs_mount_target.initial[key].id
      ip_address        = aws_efs_mount_target.initial[key].ip_address
      availability_zone = aws_efs_mount_target.initial[key].availability_zone_name
      subnet_id         = aws_efs_mount_target.initial[key].subnet_id
    }
  ]
}

resource "aws_ssm_parameter" "mount_list" {
  #checkov:skip=CKV2_AWS_34:It holds addresses inside the VPC, no secrets
  name        = var.list_parameter
  description = "Mount targets of the file system ${var.name}, kept by the function of that name"
  type        = "String"
  value       = jsonencode({ mount_targets = local.initial_mount_targets })

  lifecycle {
    ignore_changes = [value] # the controller's, after the first day
  }
}
