mock_provider "aws" {
  source = "../../mocks"
}

run "names_that_operators_know" {
  assert {
    condition = [
      output.state_machine.name, output.schedule_rule_name, aws_datasync_task.this[0].name,
      aws_datasync_agent.this[0].name, aws_sns_topic.this.name, output.dead_letter_queue.name,
      output.dashboard_name, output.table.name, output.table.index, output.transfer.log_group_name,
      aws_iam_role.transfer.name, aws_iam_role.schedule.name,
      ] == [
      "CIS-Monthly-Batch-Sync", "CIS-Monthly-Batch-Sync", "CIS-Monthly-Batch-Sync",
      "CIS-NAS-Sync-Agent", "CIS-BatchSync-Notifications", "CIS-BatchSync-DLQ",
      "CIS-BatchSync-Dashboard", "file_metadata", "sync-timestamp-index", "/aws/datasync",
      "DataSyncS3Role", "EventBridgeStepFunctionsRole",
    ]
    error_message = "Names are exact where an environment has the account for itself."
  }

  assert {
    condition = { for key, function in output.functions : key => function.name } == {
      for key in [
        "BatchReconciler", "BatchReporter", "BatchWatcher", "BulkIndexer", "DeletedFileArchiver",
        "FileScanner", "ImageFeatureExtractor", "SlackNotifier", "TextExtractor", "VPNManager",
      ] : key => key
    }
    error_message = "Functions have the names that operators know them by."
  }

  assert {
    condition = (
      aws_sfn_state_machine.this.logging_configuration[0].level == "ALL" &&
      !aws_sfn_state_machine.this.logging_configuration[0].include_execution_data
    )
    error_message = "The log tells every step and no data."
  }

  assert {
    condition = aws_sfn_state_machine.this.tags == tomap({
      Environment = "prd", Application = "CIS-FileSearch", Schedule = "Monthly"
    })
    error_message = "What belongs to the system is tagged so."
  }
}

run "a_definition_that_step_functions_can_read" {
  assert {
    condition     = jsondecode(local.definition).StartAt == "SetDefaults"
    error_message = "The template gives JSON."
  }

  assert {
    condition = alltrue([
      for name in [
        "EstablishVPN", "WaitForVPN", "CheckVPNStatus", "IsVPNReady", "StartDataSync",
        "WaitForDataSync", "CheckDataSyncStatus", "IsDataSyncComplete", "DisconnectVPN",
        "ScanTransferredFiles", "ProcessFilesInParallel", "BulkIndexToOpenSearch", "NotifySuccess",
        "HandleDataSyncError", "NotifyFailure",
      ] : contains(keys(jsondecode(local.definition).States), name)
    ])
    error_message = "Its states have the names of the contract."
  }

  assert {
    condition = (
      jsondecode(local.definition).States.WaitForVPN.Seconds == 300 &&
      jsondecode(local.definition).States.WaitForDataSync.Seconds == 600 &&
      jsondecode(local.definition).States.EstablishVPN.Retry == [
        { ErrorEquals = ["States.ALL"], IntervalSeconds = 60, MaxAttempts = 3, BackoffRate = 2 }
      ] &&
      jsondecode(local.definition).States.ProcessFilesInParallel.MaxConcurrency == 20 &&
      jsondecode(local.definition).States.BulkIndexToOpenSearch.MaxConcurrency == 4
    )
    error_message = "It waits, repeats and parallelises by the numbers of the contract."
  }

  assert {
    condition = (
      jsondecode(local.definition).States.StartDataSync.Parameters.TaskArn ==
      aws_datasync_task.this[0].arn &&
      jsondecode(local.definition).States.CheckAgentStatus.Parameters.AgentArn ==
      aws_datasync_agent.this[0].arn &&
      jsondecode(local.definition).States.NotifyFailure.Parameters.TopicArn ==
      aws_sns_topic.this.arn &&
      jsondecode(local.definition).States.EstablishVPN.Parameters.FunctionName ==
      module.function["VPNManager"].alias.arn
    )
    error_message = "It works with what is made here."
  }
}

run "started_on_the_first_of_the_month_in_tokyo" {
  assert {
    condition = (
      aws_cloudwatch_event_rule.monthly.schedule_expression == "cron(0 17 L * ? *)" &&
      aws_cloudwatch_event_rule.monthly.state == "ENABLED"
    )
    error_message = "02:00 JST on the 1st is 17:00 UTC on the last day of the month."
  }

  assert {
    condition = (
      aws_cloudwatch_event_target.monthly.input_transformer[0].input_template ==
      "{\"batch_type\": \"monthly_scheduled\", \"batch_date\": <time>}" &&
      aws_cloudwatch_event_target.monthly.input_transformer[0].input_paths == tomap({ time = "$.time" })
    )
    error_message = "The run is told which month it is of."
  }

  assert {
    condition = (
      aws_cloudwatch_event_target.monthly.dead_letter_config[0].arn == aws_sqs_queue.dead_letters.arn
    )
    error_message = "A start that could not be delivered is kept."
  }
}

run "rights_on_named_things" {
  assert {
    condition = [
      for sid, right in local.pipeline_rights : sid if contains(right.resources, "*")
    ] == ["DeliverLog"]
    error_message = "Only what AWS lets nobody name is granted as *."
  }

  assert {
    condition = (
      local.pipeline_rights.SeeAgent.resources == [aws_datasync_agent.this[0].arn] &&
      local.pipeline_rights.StartTransfer.resources == [aws_datasync_task.this[0].arn] &&
      local.pipeline_rights.FollowTransfer.resources == ["${aws_datasync_task.this[0].arn}/execution/*"] &&
      local.pipeline_rights.ReadWorkLists.resources == ["arn:aws:s3:::cis-filesearch-raw-files/work/*"] &&
      local.pipeline_rights.TellPeople.resources == [aws_sns_topic.this.arn]
    )
    error_message = "The state machine sees this agent, starts this task, reads these lists and tells this topic."
  }

  assert {
    condition = flatten([
      for statement in jsondecode(aws_iam_role_policy.schedule.policy).Statement :
      concat(statement.Action, statement.Resource)
    ]) == ["states:StartExecution", aws_sfn_state_machine.this.arn]
    error_message = "The schedule may start this state machine and nothing else."
  }
}

run "another_environment_in_the_account" {
  variables {
    environment = "dev"
    suffix      = "-dev"
    enabled     = false
    pacing      = { vpn_wait_seconds = 1, transfer_wait_seconds = 1 }
    agent       = {}
  }

  assert {
    condition = [
      output.state_machine.name, output.schedule_rule_name, output.table.name,
      output.functions["VPNManager"].name, output.dead_letter_queue.name, output.dashboard_name,
      aws_iam_role.transfer.name, aws_sns_topic.this.name,
      ] == [
      "CIS-Monthly-Batch-Sync-dev", "CIS-Monthly-Batch-Sync-dev", "file_metadata-dev",
      "VPNManager-dev", "CIS-BatchSync-DLQ-dev", "CIS-BatchSync-Dashboard-dev",
      "DataSyncS3Role-dev", "CIS-BatchSync-Notifications-dev",
    ]
    error_message = "Every name ends in the environment's."
  }

  assert {
    condition = (
      aws_cloudwatch_event_rule.monthly.state == "DISABLED" &&
      length(aws_datasync_task.this) == 0 && output.transfer.task_arn == null &&
      !aws_cloudwatch_metric_alarm.this["no-success"].actions_enabled
    )
    error_message = "Before the agent is activated there is no task and no clock; switched off, nobody is called because nothing runs."
  }

  assert {
    condition     = jsondecode(local.definition).States.WaitForVPN.Seconds == 1
    error_message = "Waits are the caller's choice."
  }
}
