mock_provider "aws" {
  source = "../../mocks"
}

run "alarms_tell_what_a_person_must_know" {
  assert {
    condition = {
      for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name => join(" ", [
        alarm.metric_name,
        alarm.comparison_operator,
        alarm.threshold,
        "for ${alarm.evaluation_periods} x ${alarm.period} s,",
        alarm.treat_missing_data,
      ])
      } == {
      keeper-data-volume  = "DataVolumeUsedPercent GreaterThanThreshold 80 for 3 x 3600 s, breaching"
      keeper-instance     = "StatusCheckFailed_Instance GreaterThanOrEqualToThreshold 1 for 5 x 60 s, missing"
      keeper-no-dump      = "DumpBytes LessThanThreshold 1 for 26 x 3600 s, breaching"
      keeper-no-reconcile = "DaysSinceReconcile GreaterThanOrEqualToThreshold 8 for 1 x 3600 s, notBreaching"
      keeper-system       = "StatusCheckFailed_System GreaterThanOrEqualToThreshold 1 for 2 x 60 s, missing"
    }
    error_message = "A full disk, a silent host, a missing dump and a failed check are alarms."
  }

  assert {
    condition = {
      for key, alarm in aws_cloudwatch_metric_alarm.this :
      key => "${alarm.namespace} ${jsonencode(alarm.dimensions)}"
      } == {
      data-volume  = "batchworks/archive {\"Host\":\"keeper\"}"
      instance     = "AWS/EC2 {\"InstanceId\":\"i-0123456789abcdef0\"}"
      no-dump      = "batchworks/archive {\"Host\":\"keeper\"}"
      no-reconcile = "batchworks/archive {\"Host\":\"keeper\"}"
      system       = "AWS/EC2 {\"InstanceId\":\"i-0123456789abcdef0\"}"
    }
    error_message = "Alarms watch this host."
  }

  assert {
    condition = [
      for key, alarm in aws_cloudwatch_metric_alarm.this : key
      if contains(alarm.alarm_actions, "arn:aws:automate:ap-northeast-1:ec2:recover")
    ] == ["system"]
    error_message = "Broken hardware is left by itself, and told."
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      contains(alarm.alarm_actions, "arn:aws:sns:ap-northeast-1:123456789012:alerts")
    ])
    error_message = "Every alarm goes to the topic."
  }
}
