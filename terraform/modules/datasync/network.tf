# A VPN connection is billed for each hour in which it exists, used or not. With always_on it is
# Terraform's; with on_demand VPNManager makes it for a run, between the two gateways made here.

locals {
  always_on = var.vpn.mode == "always_on" ? [var.vpn] : []
  on_demand = var.vpn.mode == "on_demand" ? [var.vpn] : []
}

resource "aws_customer_gateway" "this" {
  bgp_asn    = var.vpn.bgp_asn
  ip_address = var.vpn.router_ip
  type       = "ipsec.1"
  tags       = merge(local.tags, { Name = "CIS-NAS-Router${var.suffix}" })
}

resource "aws_vpn_gateway" "this" {
  vpc_id = var.network.vpc_id
  tags   = merge(local.tags, { Name = "CIS-NAS-Gateway${var.suffix}" })
}

resource "aws_vpn_gateway_route_propagation" "this" {
  for_each = toset(var.network.route_table_ids)

  vpn_gateway_id = aws_vpn_gateway.this.id
  route_table_id = each.value
}

resource "aws_vpn_connection" "this" {
  count = length(local.always_on)

  customer_gateway_id = aws_customer_gateway.this.id
  vpn_gateway_id      = aws_vpn_gateway.this.id
  type                = "ipsec.1"
  static_routes_only  = true
  tunnel1_inside_cidr = var.vpn.inside_cidrs[0]
  tunnel2_inside_cidr = var.vpn.inside_cidrs[1]
  tags                = merge(local.tags, { Name = "CIS-NAS-VPN${var.suffix}" })
}

resource "aws_vpn_connection_route" "nas" {
  count = length(local.always_on)

  vpn_connection_id      = aws_vpn_connection.this[count.index].id
  destination_cidr_block = var.network.nas_cidr
}

# VPNManager writes the addresses of each new connection here, for the router.
resource "aws_ssm_parameter" "addresses" {
  #checkov:skip=CKV2_AWS_34:Outside addresses of a VPN are no secret: the router's people read them
  count = length(local.on_demand)

  name        = "${var.vpn.address_parameter}${var.suffix}"
  description = "Outside addresses of the VPN connection of the last run"
  type        = "String"
  value       = "none yet"
  tags        = local.tags

  lifecycle {
    ignore_changes = [value] # VPNManager's
  }
}

# The agent talks to DataSync through this endpoint and nowhere else: that is what the VPN is for.
resource "aws_vpc_endpoint" "datasync" {
  vpc_id             = var.network.vpc_id
  service_name       = "com.amazonaws.${local.region}.datasync"
  vpc_endpoint_type  = "Interface"
  subnet_ids         = [var.network.subnet_id]
  security_group_ids = [aws_security_group.datasync.id]

  private_dns_enabled = false # the agent knows the address; nobody else is to be led here

  tags = merge(local.tags, { Name = "CIS-DataSync${var.suffix}" })
}

# Activation asks for the endpoint's address.
data "aws_network_interface" "datasync" {
  id = one(aws_vpc_endpoint.datasync.network_interface_ids)
}

# Of the endpoint, and of the interfaces that DataSync makes in the subnet for the task.
resource "aws_security_group" "datasync" {
  name        = "CIS-DataSync${var.suffix}"
  description = "The DataSync agent reaches its endpoint and the task's interfaces"
  vpc_id      = var.network.vpc_id
  tags        = merge(local.tags, { Name = "CIS-DataSync${var.suffix}" })
}

locals {
  # https://docs.aws.amazon.com/datasync/latest/userguide/datasync-network.html
  agent_ports = {
    data    = { from = 443, to = 443, what = "The transfer" }
    control = { from = 1024, to = 1064, what = "The agent's control" }
  }
}

resource "aws_vpc_security_group_ingress_rule" "agent" {
  for_each = local.agent_ports

  security_group_id = aws_security_group.datasync.id
  description       = each.value.what
  ip_protocol       = "tcp"
  from_port         = each.value.from
  to_port           = each.value.to
  cidr_ipv4         = var.network.nas_cidr
  tags              = local.tags
}
