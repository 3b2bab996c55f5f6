data "aws_subnet" "initial" {
  for_each = var.mount_targets

  id = each.value
}

# What the controller creates later is not here and never enters the state: the README says how a
# destroy gets past it.
resource "aws_efs_mount_target" "initial" {
  for_each = var.mount_targets

  file_system_id  = aws_efs_file_system.this.id
  subnet_id       = each.value
  security_groups = [aws_security_group.mount_targets.id]

  lifecycle {
    precondition {
      condition = length(distinct([
        for subnet in data.aws_subnet.initial : subnet.availability_zone
      ])) == length(var.mount_targets)
      error_message = "EFS allows one mount target in a zone: give mount_targets subnets of different zones."
    }
  }
}
