# The way to a company's network: VPN connections with their gateways, the parameter that tells their
# addresses, and endpoints inside the VPC.
# Their ids say nothing about an environment; the tags that stacks give do.
locals {
  vpn_arns = [
    for kind in ["customer-gateway", "vpc-endpoint", "vpn-connection", "vpn-gateway"] :
    "${local.ec2}:${kind}/*"
  ]
  surroundings = [
    for kind in ["route-table", "security-group", "subnet", "vpc"] : "${local.ec2}:${kind}/*"
  ]
  vpn_makers = [
    "CreateCustomerGateway", "CreateVpcEndpoint", "CreateVpnConnection", "CreateVpnGateway",
  ]

  address_arn = "arn:aws:ssm:${var.region}:${var.account}:parameter/cis-filesearch/*"

  vpns = {
    plan = [
      {
        Sid    = "ReadVpns"
        Effect = "Allow"
        Action = [
          "ec2:DescribeCustomerGateways",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribePrefixLists",
          "ec2:DescribeVpcEndpoints",
          "ec2:DescribeVpnConnections",
          "ec2:DescribeVpnGateways",
        ]
        Resource = "*" # AWS offers no resource for them
      },
      {
        Sid      = "ReadAddresses"
        Effect   = "Allow"
        Action   = ["ssm:GetParameter", "ssm:GetParameters", "ssm:ListTagsForResource"]
        Resource = local.address_arn
      },
      {
        Sid      = "FindAddresses"
        Effect   = "Allow"
        Action   = "ssm:DescribeParameters"
        Resource = "*" # AWS offers no resource for it
      },
    ]

    apply = [
      {
        Sid       = "MakeTaggedVpns"
        Effect    = "Allow"
        Action    = [for action in local.vpn_makers : "ec2:${action}"]
        Resource  = local.vpn_arns
        Condition = local.tagging
      },
      {
        Sid       = "TagNewVpns"
        Effect    = "Allow"
        Action    = "ec2:CreateTags"
        Resource  = local.vpn_arns
        Condition = { StringEquals = { "ec2:CreateAction" = local.vpn_makers } }
      },
      {
        Sid    = "ManageVpns"
        Effect = "Allow"
        Action = [
          "ec2:AttachVpnGateway",
          "ec2:CreateTags",
          "ec2:CreateVpnConnection",
          "ec2:CreateVpnConnectionRoute",
          "ec2:DeleteCustomerGateway",
          "ec2:DeleteTags",
          "ec2:DeleteVpcEndpoints",
          "ec2:DeleteVpnConnection",
          "ec2:DeleteVpnConnectionRoute",
          "ec2:DeleteVpnGateway",
          "ec2:DetachVpnGateway",
          "ec2:DisableVgwRoutePropagation",
          "ec2:EnableVgwRoutePropagation",
          "ec2:ModifyVpcEndpoint",
          "ec2:ModifyVpnConnectionOptions",
          "ec2:ModifyVpnTunnelOptions",
        ]
        Resource  = local.vpn_arns
        Condition = local.tagged
      },
      {
        Sid    = "PutVpnsIntoNetwork"
        Effect = "Allow"
        Action = [
          "ec2:AttachVpnGateway",
          "ec2:CreateVpcEndpoint",
          "ec2:DetachVpnGateway",
          "ec2:DisableVgwRoutePropagation",
          "ec2:EnableVgwRoutePropagation",
          "ec2:ModifyVpcEndpoint",
        ]
        Resource = local.surroundings
      },
      {
        Sid    = "ManageAddresses"
        Effect = "Allow"
        Action = [
          "ssm:AddTagsToResource",
          "ssm:DeleteParameter",
          "ssm:PutParameter",
          "ssm:RemoveTagsFromResource",
        ]
        Resource = local.address_arn
      },
    ]
  }
}
