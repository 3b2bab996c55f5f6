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
