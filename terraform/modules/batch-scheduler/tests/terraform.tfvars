# What every run is given, unless it says otherwise.

name        = "report-prd"
description = "Writes the report"
job         = "report"
environment = "prd"
schedules   = ["cron(0 15 * * ? *)"]

function = {
  code = { zip = "versions.tf", handler = "report.handlers.run" } # any file: only hashed
}
