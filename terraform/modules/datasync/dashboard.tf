locals {
  watched = {
    pipeline = ["StateMachineArn", local.state_machine_arn]
    transfer = ["TaskId", element(split("/", local.task_arn), 1)]
    own      = ["service", "nas-sync", "environment", var.environment]
    queue    = ["QueueName", aws_sqs_queue.dead_letters.name]
    table    = ["TableName", local.table_name]
    logs     = []
  }

  # Title, statistic, namespace, whose, metrics.
  graphs = [
    ["Runs", "Sum", "AWS/States", "pipeline", [
      "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted",
    ]],
    ["Duration of a run, ms", "Maximum", "AWS/States", "pipeline", ["ExecutionTime"]],
    ["Transfer, bytes", "Sum", "AWS/DataSync", "transfer", ["BytesTransferred", "BytesWritten"]],
    ["Transfer, files", "Sum", "AWS/DataSync", "transfer", ["FilesTransferred"]],
    ["Days since a run succeeded", "Maximum", "batchworks", "own", ["DaysSinceSuccess"]],
    ["VPN connections while nothing runs", "Maximum", "batchworks", "own", ["IdleVpnConnections"]],
    ["Trouble in logs", "Sum", local.log_metrics, "logs", [
      "FunctionTimeouts", "SearchUnavailable", "OutOfMemory",
    ]],
    ["Dead letters", "Maximum", "AWS/SQS", "queue", ["ApproximateNumberOfMessagesVisible"]],
    ["Catalogue, units written", "Sum", "AWS/DynamoDB", "table", ["ConsumedWriteCapacityUnits"]],
  ]

  function_graphs = [
    ["Functions: runs", "Sum", "Invocations"],
    ["Functions: errors", "Sum", "Errors"],
    ["Functions: duration, ms", "Maximum", "Duration"],
    ["Functions: running at a time", "Maximum", "ConcurrentExecutions"],
  ]

  all_graphs = concat(
    [
      for graph in local.graphs : {
        title   = graph[0]
        stat    = graph[1]
        metrics = [for name in graph[4] : concat([graph[2], name], local.watched[graph[3]])]
      }
    ],
    [
      for graph in local.function_graphs : {
        title = graph[0]
        stat  = graph[1]
        metrics = [
          for key in local.names : ["AWS/Lambda", graph[2], "FunctionName", "${key}${var.suffix}"]
        ]
      }
    ],
  )
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "CIS-BatchSync-Dashboard${var.suffix}"

  dashboard_body = jsonencode({
    widgets = [
      for index, graph in local.all_graphs : {
        type       = "metric"
        x          = index % 2 * 12
        y          = floor(index / 2) * 6
        width      = 12
        height     = 6
        properties = merge(graph, { region = local.region, period = 300, view = "timeSeries" })
      }
    ]
  })
}
