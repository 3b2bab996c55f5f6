# What every run is given, unless it says otherwise.

name        = "report"
description = "Writes the report"
code        = { zip = "versions.tf", handler = "report.handlers.run" } # any file: only hashed
alarms = {
  topic_arn        = "arn:aws:sns:ap-northeast-1:123456789012:alerts"
  duration_seconds = 600
}
