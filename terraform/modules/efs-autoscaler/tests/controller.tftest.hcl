mock_provider "aws" {
  source = "../../mocks"

  override_data {
    target = data.aws_subnet.initial["c"]
    values = { availability_zone = "ap-northeast-1c" }
  }
}

run "a_controller_that_runs_alone" {
  assert {
    condition     = output.function.name == "efs-autoscaler" && output.function.reserved_concurrency == 1
    error_message = "There is one run at a time."
  }

  assert {
    condition     = output.controller.schedule_rule_names == ["efs-autoscaler-schedule"]
    error_message = "Operators stop it by its schedule."
  }

  assert {
    condition = local.settings == {
      ENVIRONMENT          = "prd"
      LOG_LEVEL            = "INFO"
      EFS_FILE_SYSTEM_ID   = aws_efs_file_system.this.id
      TARGET_DIRECTORY     = "/mnt/efs"
      FILE_COUNT_THRESHOLD = "100000"
      COUNT_WORKERS        = "32"
      SSM_PARAMETER_NAME   = "/app/efs/mount-targets"
      LAUNCH_TYPE          = "EC2"
      ECS_CLUSTER_NAME     = "efs-autoscaler"
      ECS_SERVICE_NAME     = "efs-autoscaler"
      VPC_ID               = "vpc-1"
      SUBNET_IDS           = ""
      SECURITY_GROUP_ID    = aws_security_group.mount_targets.id
    }
    error_message = "The controller is told what it has to know."
  }

  assert {
    condition     = local.schedule == "rate(5 minutes)" && var.function.memory_size == 1024
    error_message = "It runs every five minutes, with enough memory to have a CPU."
  }
}

run "rights_are_on_named_things" {
  variables {
    network = {
      vpc_id               = "vpc-1"
      private_subnet_ids   = ["subnet-a", "subnet-c"]
      candidate_subnet_ids = ["subnet-d"]
    }
  }

  assert {
    condition = { for sid, right in local.rights : sid => right.actions } == {
      CreateInterfaces   = ["ec2:CreateNetworkInterface"]
      CreateMountTargets = ["elasticfilesystem:CreateMountTarget"]
      FindInterfaces     = ["ec2:DescribeNetworkInterfaces"]
      FindSubnets        = ["ec2:DescribeSubnets"]
      KeepList           = ["ssm:GetParameter", "ssm:PutParameter"]
      Redeploy           = ["ecs:DescribeServices", "ecs:UpdateService"]
      SeeFileSystem = [
        "elasticfilesystem:DescribeFileSystems", "elasticfilesystem:DescribeMountTargets",
      ]
    }
    error_message = "The controller deletes nothing, passes no role and mounts through its statement of its own."
  }

  assert {
    condition = [
      for sid, right in local.rights : sid if contains(right.resources, "*")
    ] == ["FindInterfaces", "FindSubnets"]
    error_message = "Only what AWS lets nobody name is granted as *."
  }

  assert {
    condition = (
      local.rights.CreateMountTargets.resources == [aws_efs_file_system.this.arn] &&
      local.rights.KeepList.resources == [
        "arn:aws:ssm:ap-northeast-1:123456789012:parameter/app/efs/mount-targets"
      ] &&
      local.rights.Redeploy.resources == [
        "arn:aws:ecs:ap-northeast-1:123456789012:service/efs-autoscaler/efs-autoscaler"
      ] &&
      contains(
        local.rights.CreateInterfaces.resources,
        "arn:aws:ec2:ap-northeast-1:123456789012:subnet/subnet-d",
      )
    )
    error_message = "It creates, lists and deploys here and nowhere else."
  }
}

run "a_folder_of_the_file_system" {
  variables {
    counting = { directory = "files/incoming", threshold = 5000, workers = 64 }
  }

  assert {
    condition = [
      for name in ["TARGET_DIRECTORY", "FILE_COUNT_THRESHOLD", "COUNT_WORKERS"] : local.settings[name]
    ] == ["/mnt/efs/files/incoming", "5000", "64"]
    error_message = "What is counted, and from when on there are too many, is the caller's choice."
  }
}

run "what_wakes_a_person" {
  assert {
    condition = [
      aws_cloudwatch_metric_alarm.error_rate.alarm_name,
      one(aws_cloudwatch_metric_alarm.io_limit).alarm_name,
      aws_cloudwatch_metric_alarm.missing_tasks.alarm_name,
    ] == ["efs-autoscaler-error-rate", "efs-autoscaler-io-limit", "efs-autoscaler-missing-tasks"]
    error_message = "Failing runs, an exhausted file system and missing tasks are alarms."
  }

  assert {
    condition = (
      one(aws_cloudwatch_metric_alarm.io_limit).metric_name == "PercentIOLimit" &&
      one(aws_cloudwatch_metric_alarm.io_limit).threshold == 80
    )
    error_message = "General Purpose wakes somebody at 80 % of its operations."
  }

  assert {
    condition = (
      jsondecode(aws_cloudwatch_event_rule.failed_deployment.event_pattern).detail.eventName ==
      ["SERVICE_DEPLOYMENT_FAILED"] &&
      aws_cloudwatch_event_target.failed_deployment.arn == output.alerts_topic_arn
    )
    error_message = "So is a deployment that ECS gives up."
  }

  assert {
    condition = [
      for statement in jsondecode(aws_sns_topic_policy.alerts.policy).Statement :
      [statement.Sid, statement.Principal.Service]
      ] == [
      ["AlarmsOfTheAccount", "cloudwatch.amazonaws.com"],
      ["FailedDeployments", "events.amazonaws.com"],
    ]
    error_message = "Alarms and that one rule may tell, and nobody else."
  }
}

run "everything_to_watch_is_on_one_page" {
  assert {
    condition = toset(flatten([
      for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : [
        for metric in widget.properties.metrics : try(metric[1], "MountAccesses")
      ]
      ])) == toset([
      "CPUUtilization", "ClientConnections", "DataReadIOBytes", "DataWriteIOBytes", "Duration",
      "Errors", "FileCount", "Invocations", "MemoryUtilization", "MountAccesses", "MountTargets",
      "PercentIOLimit", "ThresholdExceeded",
    ])
    error_message = "Files, mounts, file system, tasks and runs have their graphs."
  }
}
