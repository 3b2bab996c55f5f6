locals {
  watched = {
    own        = ["service", "efs-autoscaler", "environment", var.environment]
    files      = ["FileSystemId", aws_efs_file_system.this.id]
    service    = flatten([for name, value in local.service : [name, value]])
    controller = ["FunctionName", module.controller.function.name]
  }

  # Each task counts its own mounts: however many there are, the search finds them.
  accesses = join(" ", [
    "SEARCH('{batchworks,environment,mount,service} MetricName=\"MountAccesses\"",
    "service=\"efs-autoscaler\" environment=\"${var.environment}\"', 'Sum', 300)",
  ])

  # Title, statistic, namespace, whose, metrics.
  graphs = [
    ["Files", "Maximum", "batchworks", "own", ["FileCount"]],
    ["Runs over the threshold", "Sum", "batchworks", "own", ["ThresholdExceeded"]],
    ["Mount targets", "Maximum", "batchworks", "own", ["MountTargets"]],
    ["Clients", "Sum", "AWS/EFS", "files", ["ClientConnections"]],
    ["Bytes", "Sum", "AWS/EFS", "files", ["DataReadIOBytes", "DataWriteIOBytes"]],
    ["Operations, % of General Purpose's", "Average", "AWS/EFS", "files", ["PercentIOLimit"]],
    ["Tasks, %", "Average", "AWS/ECS", "service", ["CPUUtilization", "MemoryUtilization"]],
    ["Runs", "Sum", "AWS/Lambda", "controller", ["Invocations", "Errors"]],
    ["Duration of a run, ms", "Maximum", "AWS/Lambda", "controller", ["Duration"]],
  ]

  graphs_and_search = concat(
    [
      for graph in local.graphs : {
        title   = graph[0]
        stat    = graph[1]
        metrics = [for name in graph[4] : concat([graph[2], name], local.watched[graph[3]])]
      }
    ],
    [{ title = "Accesses by mount", stat = "Sum", metrics = [[{ expression = local.accesses }]] }],
  )
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = [
      for index, graph in local.graphs_and_search : {
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
