mock_provider "aws" {
  source = "../../mocks"
}

run "it_archives_restores_and_lists_and_never_deletes" {
  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      statement.Sid => [statement.Action, statement.Resource] if statement.Effect == "Allow"
      } == {
      ArchiveAndRestore = [
        [
          "s3:AbortMultipartUpload",
          "s3:GetObject",
          "s3:GetObjectVersion",
          "s3:PutObject",
          "s3:RestoreObject",
        ],
        ["arn:aws:s3:::kept/*"],
      ]
      ListTheArchive = [
        [
          "s3:GetBucketVersioning",
          "s3:ListBucket",
          "s3:ListBucketVersions",
        ],
        ["arn:aws:s3:::kept"],
      ]
      KeepListsAndDumps = [
        ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
        ["arn:aws:s3:::kept-lists/lists/*", "arn:aws:s3:::kept-lists/dumps/*"],
      ]
      ReadInventory     = [["s3:GetObject"], ["arn:aws:s3:::kept-lists/inventory/*"]]
      ListListsAndDumps = [["s3:ListBucket"], ["arn:aws:s3:::kept-lists"]]
      FetchPackage      = [["s3:GetObject"], ["arn:aws:s3:::packages/archive/archive.zip"]]
      ReadOwnConfiguration = [
        ["ssm:GetParameter"],
        ["arn:aws:ssm:ap-northeast-1:123456789012:parameter/batchworks/keeper/configuration"],
      ]
      ReadSecrets = [
        ["secretsmanager:GetSecretValue"],
        ["arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:smb-AbCdEf"],
      ]
      PublishMetrics = [["cloudwatch:PutMetricData"], ["*"]]
      ReadPrices     = [["pricing:GetProducts"], ["*"]]
      ServeSessions = [
        [
          "ssm:UpdateInstanceInformation",
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ],
        ["*"],
      ]
    }
    error_message = "Each kind of access is one statement that names what was given."
  }

  assert {
    condition = length(regexall("Delete|Bypass|\"s3:\\*\"|\"\\*:\\*\"", jsonencode([
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Action
      if statement.Effect == "Allow"
    ]))) == 0
    error_message = "Nothing that is allowed deletes, or gets around a lock."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      [statement.Sid, statement.Action, statement.Resource] if statement.Effect == "Deny"
      ] == [[
        "NeverDelete",
        [
          "s3:BypassGovernanceRetention",
          "s3:DeleteBucket*",
          "s3:DeleteObject*",
          "s3:PutBucketVersioning",
          "s3:PutLifecycleConfiguration",
        ],
        [
          "arn:aws:s3:::kept",
          "arn:aws:s3:::kept/*",
          "arn:aws:s3:::kept-lists",
          "arn:aws:s3:::kept-lists/*",
        ],
    ]]
    error_message = "Deleting is refused, whatever else the role may be given."
  }

  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      statement.Sid => statement.Condition if can(statement.Condition)
    } == { PublishMetrics = { StringEquals = { "cloudwatch:namespace" = "batchworks/archive" } } }
    error_message = "It publishes metrics of its own namespace only."
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.this.policy, "ec2:")
    error_message = "The host has no say over machines, not even its own."
  }

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
    error_message = "Only EC2 takes the role."
  }
}

run "batch_operations_keys_and_the_login" {
  variables {
    page_login_secret_arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:oidc-AbCdEf"
    access = {
      batch_role_arn = "arn:aws:iam::123456789012:role/restores"
      kms_key_arns   = ["arn:aws:kms:ap-northeast-1:123456789012:key/1234"]
      boundary       = "arn:aws:iam::123456789012:policy/batchworks-dev-boundary"
    }
  }

  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      statement.Sid => [statement.Action, statement.Resource] if contains(
        ["FollowBatchRestores", "HandOverBatchRole", "ReadSecrets", "StartBatchRestores", "UseKeys"],
        statement.Sid,
      )
      } == {
      FollowBatchRestores = [["s3:DescribeJob"], ["arn:aws:s3:ap-northeast-1:123456789012:job/*"]]
      HandOverBatchRole   = [["iam:PassRole"], ["arn:aws:iam::123456789012:role/restores"]]
      StartBatchRestores  = [["s3:CreateJob"], ["*"]]
      UseKeys = [
        ["kms:Decrypt", "kms:GenerateDataKey"],
        ["arn:aws:kms:ap-northeast-1:123456789012:key/1234"],
      ]
      ReadSecrets = [
        ["secretsmanager:GetSecretValue"],
        [
          "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:smb-AbCdEf",
          "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:oidc-AbCdEf",
        ],
      ]
    }
    error_message = "What is given on top becomes statements that name it."
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      statement.Condition if statement.Sid == "HandOverBatchRole"
    ]) == { StringEquals = { "iam:PassedToService" = "batchoperations.s3.amazonaws.com" } }
    error_message = "The role goes to S3 Batch Operations and to nothing else."
  }

  assert {
    condition     = aws_iam_role.this.permissions_boundary == var.access.boundary
    error_message = "The role carries the boundary it is given."
  }
}
