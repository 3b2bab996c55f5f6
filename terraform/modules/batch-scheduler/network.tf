locals {
  # Lists of one element or none, for count and for_each.
  networks  = var.network[*]
  databases = [for network in local.networks : network.database if network.database != null]
  database_groups = [
    for database in local.databases : database if database.security_group_id != null
  ]

  attachment = [
    for network in local.networks : {
      subnet_ids         = network.private_subnet_ids
      security_group_ids = [one(aws_security_group.function).id]
    }
  ]
}

resource "aws_security_group" "function" {
  #checkov:skip=CKV2_AWS_5:The function in module.function is attached to it
  count = length(local.networks)

  name        = var.name
  description = "Lambda function ${var.name}"
  vpc_id      = local.networks[count.index].vpc_id

  tags = { Name = var.name }
}

resource "aws_vpc_security_group_egress_rule" "https" {
  count = length(local.networks)

  security_group_id = one(aws_security_group.function).id
  description       = "AWS and public APIs, through the NAT gateway"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

data "aws_vpc" "this" {
  count = length(local.databases) - length(local.database_groups)

  id = local.networks[count.index].vpc_id
}

# To the database's group where we know it, else to the whole VPC.
resource "aws_vpc_security_group_egress_rule" "database" {
  count = length(local.databases)

  security_group_id            = one(aws_security_group.function).id
  description                  = "The database"
  referenced_security_group_id = local.databases[count.index].security_group_id
  cidr_ipv4                    = one(data.aws_vpc.this[*].cidr_block)
  ip_protocol                  = "tcp"
  from_port                    = local.databases[count.index].port
  to_port                      = local.databases[count.index].port
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  count = length(local.database_groups)

  security_group_id            = local.database_groups[count.index].security_group_id
  description                  = "Lambda function ${var.name}"
  referenced_security_group_id = one(aws_security_group.function).id
  ip_protocol                  = "tcp"
  from_port                    = local.database_groups[count.index].port
  to_port                      = local.database_groups[count.index].port
}
