mock_provider "aws" {
  source = "../../mocks"
}

run "given_nothing_it_may_log_and_keep_dead_letters" {
  assert {
    condition = jsondecode(aws_iam_role_policy.this.policy).Statement == [
      {
        Sid      = "KeepDeadLetters"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = ["arn:aws:sqs:ap-northeast-1:123456789012:report-dlq"]
      },
      {
        Sid      = "WriteOwnLogs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = ["arn:aws:logs:ap-northeast-1:123456789012:log-group:/aws/lambda/report:*"]
      },
    ]
    error_message = "A function that is given nothing reaches its own log group and queue only."
  }

  assert {
    condition = jsondecode(aws_iam_role.this.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
    error_message = "Only Lambda takes the role."
  }
}

run "a_boundary_limits_the_role" {
  variables {
    access = { boundary = "arn:aws:iam::123456789012:policy/batchworks-dev-boundary" }
  }

  assert {
    condition     = aws_iam_role.this.permissions_boundary == var.access.boundary
    error_message = "The role carries the boundary it is given."
  }
}

run "given_access_becomes_statements" {
  variables {
    access = {
      secrets       = ["arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:db-AbCdEf"]
      read_objects  = ["settings/channels.csv", "data/raw/*", "data/done/*"]
      write_objects = ["data/raw/*"]
    }
  }

  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      statement.Sid => [statement.Action, statement.Resource]
      if !contains(["KeepDeadLetters", "WriteOwnLogs"], statement.Sid)
      } == {
      ReadSecrets = [
        ["secretsmanager:GetSecretValue"],
        ["arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:db-AbCdEf"],
      ]
      ReadObjects = [
        ["s3:GetObject"],
        [
          "arn:aws:s3:::settings/channels.csv",
          "arn:aws:s3:::data/raw/*",
          "arn:aws:s3:::data/done/*",
        ],
      ]
      NoticeMissingObjects = [["s3:ListBucket"], ["arn:aws:s3:::data"]]
      WriteObjects         = [["s3:PutObject"], ["arn:aws:s3:::data/raw/*"]]
    }
    error_message = "Each kind of access is one statement that names what was given."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      !contains(statement.Resource, "*")
    ])
    error_message = "Nothing that has a name is granted as *."
  }
}

run "the_caller_s_statements_are_granted_as_they_are" {
  variables {
    access = {
      statements = {
        ScanTables = {
          actions   = ["dynamodb:Scan", "dynamodb:DescribeTable"]
          resources = ["arn:aws:dynamodb:ap-northeast-1:123456789012:table/tasks"]
        }
        AnnounceExports = {
          actions   = ["events:PutEvents"]
          resources = ["arn:aws:events:ap-northeast-1:123456789012:event-bus/default"]
          condition = { StringEquals = { "events:source" = ["example.exports"] } }
        }
        LookAtSubnets = { actions = ["ec2:DescribeSubnets"], resources = ["*"] }
        ReadNothing   = { actions = ["ssm:GetParameter"], resources = [] }
      }
    }
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      statement if !contains(["KeepDeadLetters", "WriteOwnLogs"], statement.Sid)
      ] == [
      {
        Sid       = "AnnounceExports"
        Effect    = "Allow"
        Action    = ["events:PutEvents"]
        Resource  = ["arn:aws:events:ap-northeast-1:123456789012:event-bus/default"]
        Condition = { StringEquals = { "events:source" = ["example.exports"] } }
      },
      {
        Sid      = "LookAtSubnets"
        Effect   = "Allow"
        Action   = ["ec2:DescribeSubnets"]
        Resource = ["*"]
      },
      {
        Sid      = "ScanTables"
        Effect   = "Allow"
        Action   = ["dynamodb:Scan", "dynamodb:DescribeTable"]
        Resource = ["arn:aws:dynamodb:ap-northeast-1:123456789012:table/tasks"]
      },
    ]
    error_message = "A statement is granted under its Sid and condition; without resources, not."
  }

  assert {
    condition     = length(setsubtract(keys(local.permissions), local.own_sids)) == 0
    error_message = "No caller's statement takes the place of one of the module's own."
  }
}

run "with_a_file_system" {
  variables {
    network = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
    file_system = {
      access_point_arn = "arn:aws:elasticfilesystem:ap-northeast-1:123456789012:access-point/fsap-1"
      file_system_arn  = "arn:aws:elasticfilesystem:ap-northeast-1:123456789012:file-system/fs-1"
      mount_path       = "/mnt/efs"
    }
  }

  assert {
    condition = (
      aws_lambda_function.this.file_system_config[0].arn == var.file_system.access_point_arn &&
      aws_lambda_function.this.file_system_config[0].local_mount_path == "/mnt/efs"
    )
    error_message = "The function finds the file system at its path, through the access point."
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      statement if statement.Sid == "UseFileSystem"
      ]) == {
      Sid      = "UseFileSystem"
      Effect   = "Allow"
      Action   = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
      Resource = [var.file_system.file_system_arn]
      Condition = {
        StringEquals = {
          "elasticfilesystem:AccessPointArn" = [var.file_system.access_point_arn]
        }
      }
    }
    error_message = "It may mount and write this file system, through this access point only."
  }
}

run "in_a_vpc_and_traced" {
  variables {
    tracing = true
    network = { subnet_ids = ["subnet-1", "subnet-2"], security_group_ids = ["sg-1"] }
  }

  assert {
    condition = aws_lambda_function.this.vpc_config[0].subnet_ids == toset(["subnet-1", "subnet-2"])

    error_message = "The function runs in the subnets it was given."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      [statement.Effect, statement.Sid] if contains(statement.Resource, "*")
    ] == [["Allow", "AttachToVpc"], ["Allow", "SendTraces"], ["Deny", "KeepVpcFromCode"]]
    error_message = "Only network interfaces and traces, which have no names, are granted as *."
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      statement.Condition if statement.Effect == "Deny"
      ]) == {
      ArnEquals = {
        "lambda:SourceFunctionArn" = "arn:aws:lambda:ap-northeast-1:123456789012:function:report"
      }
    }
    error_message = "What Lambda needs for the VPC is refused to the function's own code."
  }

  assert {
    condition     = aws_lambda_function.this.tracing_config[0].mode == "Active"
    error_message = "Tracing is on when asked for."
  }
}

run "code_that_looks_at_the_vpc_itself" {
  variables {
    network = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
    access = {
      statements = { LookAtSubnets = { actions = ["ec2:DescribeSubnets"], resources = ["*"] } }
    }
  }

  assert {
    condition = one([
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      statement.Action if statement.Effect == "Deny"
      ]) == [
      "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
      "ec2:DescribeNetworkInterfaces", "ec2:UnassignPrivateIpAddresses",
    ]
    error_message = "The code is refused what only Lambda needs, not what it was given."
  }
}
