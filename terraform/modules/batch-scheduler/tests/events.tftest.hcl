mock_provider "aws" {
  source = "../../mocks"
}

run "events_of_others_start_it_too" {
  variables {
    events = {
      completed = {
        source      = "example.exports"
        detail_type = "ExportCompleted"
        detail      = { environment = ["prd"], kind = ["FULL", "SCAN"] }
      }
      uploaded = { source = "example.uploads", detail_type = "FileUploaded" }
    }
  }

  assert {
    condition = output.event_rule_names == {
      completed = "report-prd-on-completed"
      uploaded  = "report-prd-on-uploaded"
    }
    error_message = "The rule of an event is <name>-on-<key>."
  }

  assert {
    condition = {
      for key, rule in aws_cloudwatch_event_rule.event : key => jsondecode(rule.event_pattern)
      } == {
      completed = {
        source      = ["example.exports"]
        detail-type = ["ExportCompleted"]
        detail      = { environment = ["prd"], kind = ["FULL", "SCAN"] }
      }
      uploaded = { source = ["example.uploads"], detail-type = ["FileUploaded"] }
    }
    error_message = "Only the events that were asked for start it, whatever the detail if not told."
  }

  assert {
    condition = alltrue([
      for kind in [
        keys(aws_cloudwatch_event_target.function), keys(aws_lambda_permission.rule)
      ] : kind == ["completed", "manual", "schedule", "uploaded"]
    ])
    error_message = "Their rules reach the function as the others do, dead letters included."
  }
}

run "a_disabled_job_hears_no_event" {
  variables {
    enabled = false
    events  = { uploaded = { source = "example.uploads", detail_type = "FileUploaded" } }
  }

  assert {
    condition     = aws_cloudwatch_event_rule.event["uploaded"].state == "DISABLED"
    error_message = "No event starts a disabled job."
  }
}
