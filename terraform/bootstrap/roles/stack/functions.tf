locals {
  lambda = "arn:aws:lambda:${var.region}:${var.account}"

  # Versions and aliases of a function, versions of a layer: its name, a colon and a qualifier.
  function_arns = [for name in local.with_qualifiers : "${local.lambda}:function:${name}"]
  layer_arns    = [for name in local.with_qualifiers : "${local.lambda}:layer:${name}"]

  functions = {
    plan = [
      {
        Sid    = "ReadFunctions"
        Effect = "Allow"
        Action = [
          "lambda:GetAlias",
          "lambda:GetFunction",
          "lambda:GetFunctionCodeSigningConfig",
          "lambda:GetFunctionEventInvokeConfig",
          "lambda:GetPolicy",
          "lambda:ListVersionsByFunction",
        ]
        Resource = local.function_arns
      },
      {
        Sid      = "ReadLayers"
        Effect   = "Allow"
        Action   = "lambda:GetLayerVersion"
        Resource = local.layer_arns
      },
    ]

    apply = [
      {
        Sid    = "ManageFunctions"
        Effect = "Allow"
        Action = [
          "lambda:AddPermission",
          "lambda:CreateAlias",
          "lambda:CreateFunction",
          "lambda:DeleteAlias",
          "lambda:DeleteFunction",
          "lambda:DeleteFunctionConcurrency",
          "lambda:DeleteFunctionEventInvokeConfig",
          "lambda:GetFunctionConfiguration",
          "lambda:PublishVersion",
          "lambda:PutFunctionConcurrency",
          "lambda:PutFunctionEventInvokeConfig",
          "lambda:RemovePermission",
          "lambda:TagResource",
          "lambda:UntagResource",
          "lambda:UpdateAlias",
          "lambda:UpdateFunctionCode",
          "lambda:UpdateFunctionConfiguration",
        ]
        Resource = local.function_arns
      },
      {
        Sid      = "PublishLayers"
        Effect   = "Allow"
        Action   = "lambda:PublishLayerVersion"
        Resource = local.layer_arns
      },
      {
        Sid      = "DeleteLayers"
        Effect   = "Allow"
        Action   = "lambda:DeleteLayerVersion"
        Resource = local.layer_arns
      },
      {
        Sid       = "GiveRolesToFunctions"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = local.role_arns
        Condition = { StringEquals = { "iam:PassedToService" = "lambda.amazonaws.com" } }
      },
    ]
  }
}
