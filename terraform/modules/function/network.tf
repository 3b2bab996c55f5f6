locals {
  # Lambda makes the network interfaces as this role. The Describe actions work on "*" only, and
  # the interfaces have no ids yet when this is written: AWS leaves no choice (its own policy
  # AWSLambdaVPCAccessExecutionRole says the same).
  vpc_actions = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ]

  # Only Lambda needs them: the code that runs in the function is refused them again, but for those
  # that the caller grants it.
  granted = flatten([for statement in var.access.statements : statement.actions])

  vpc_denied = var.network == null ? [] : [{
    Sid       = "KeepVpcFromCode"
    Effect    = "Deny"
    Action    = [for action in local.vpc_actions : action if !contains(local.granted, action)]
    Resource  = ["*"]
    Condition = { ArnEquals = { "lambda:SourceFunctionArn" = local.function_arn } }
  }]

  function_arn = join(":", [
    "arn", local.partition, "lambda", local.region, local.account, "function", var.name,
  ])
}
