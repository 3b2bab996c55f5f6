resource "aws_security_group" "mount_targets" {
  name        = "${var.name}-mount-targets"
  description = "Mount targets of the file system ${var.name}, the controller's included"
  vpc_id      = var.network.vpc_id

  tags = { Name = "${var.name}-mount-targets" }
}

resource "aws_security_group" "tasks" {
  #checkov:skip=CKV2_AWS_5:The ECS service puts its tasks into it
  name        = "${var.name}-tasks"
  description = "Tasks of the ECS service ${var.name}"
  vpc_id      = var.network.vpc_id

  tags = { Name = "${var.name}-tasks" }
}

locals {
  nfs_port = 2049

  nfs_clients = {
    controller = module.controller.security_group_id
    tasks      = aws_security_group.tasks.id
  }
}

resource "aws_vpc_security_group_ingress_rule" "nfs" {
  for_each = local.nfs_clients

  security_group_id            = aws_security_group.mount_targets.id
  description                  = "NFS of ${each.key}"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = local.nfs_port
  to_port                      = local.nfs_port
}

resource "aws_vpc_security_group_egress_rule" "nfs" {
  for_each = local.nfs_clients

  security_group_id            = each.value
  description                  = "NFS to the mount targets"
  referenced_security_group_id = aws_security_group.mount_targets.id
  ip_protocol                  = "tcp"
  from_port                    = local.nfs_port
  to_port                      = local.nfs_port
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.tasks.id
  description       = "AWS, through the NAT gateway or endpoints"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
