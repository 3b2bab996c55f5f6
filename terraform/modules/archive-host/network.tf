resource "aws_security_group" "this" {
  name        = var.name
  description = "Archive host ${var.name}"
  vpc_id      = var.network.vpc_id

  tags = { Name = var.name }
}

resource "aws_vpc_security_group_ingress_rule" "page_groups" {
  for_each = var.network.page.security_group_ids

  security_group_id            = aws_security_group.this.id
  description                  = "The lookup page"
  referenced_security_group_id = each.value
  ip_protocol                  = "tcp"
  from_port                    = var.network.page.port
  to_port                      = var.network.page.port
}

resource "aws_vpc_security_group_ingress_rule" "page_cidrs" {
  for_each = var.network.page.cidrs

  security_group_id = aws_security_group.this.id
  description       = "The lookup page"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = var.network.page.port
  to_port           = var.network.page.port
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.this.id
  description       = "AWS, and the login's provider, through the NAT gateway or endpoints"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "file_servers" {
  for_each = var.network.file_server_cidrs

  security_group_id = aws_security_group.this.id
  description       = "SMB"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 445
  to_port           = 445
}

locals {
  dns = setproduct(
    ["tcp", "udp"],
    coalescelist(tolist(var.network.dns_server_cidrs), [data.aws_vpc.this.cidr_block]),
  )
}

resource "aws_vpc_security_group_egress_rule" "dns" {
  for_each = { for pair in local.dns : "${pair[0]} ${pair[1]}" => pair }

  security_group_id = aws_security_group.this.id
  description       = "DNS"
  cidr_ipv4         = each.value[1]
  ip_protocol       = each.value[0]
  from_port         = 53
  to_port           = 53
}
