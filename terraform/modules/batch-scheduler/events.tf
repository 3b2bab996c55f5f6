locals {
  # EventBridge refuses an empty detail, which would match nothing.
  event_patterns = {
    for key, event in var.events : key => merge(
      { source = [event.source], detail-type = [event.detail_type] },
      { for field, detail in { detail = event.detail } : field => detail if length(detail) > 0 },
    )
  }
}

resource "aws_cloudwatch_event_rule" "event" {
  for_each = local.event_patterns

  name          = "${var.name}-on-${each.key}"
  description   = "Starts ${var.name} after ${var.events[each.key].detail_type}"
  event_pattern = jsonencode(each.value)
  state         = local.state
}
