locals {
  # The first rule is "<name>-schedule", the second "<name>-schedule-2": operators know these names.
  schedule_keys = [
    for index in range(length(var.schedules)) :
    index == 0 ? "schedule" : "schedule-${index + 1}"
  ]
  schedules = zipmap(local.schedule_keys, var.schedules)

  state = var.enabled ? "ENABLED" : "DISABLED"
}

resource "aws_cloudwatch_event_rule" "schedule" {
  for_each = local.schedules

  name                = "${var.name}-${each.key}"
  description         = "Starts ${var.name} by the clock (UTC)"
  schedule_expression = each.value
  state               = local.state
}
