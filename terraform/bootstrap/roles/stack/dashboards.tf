locals {
  # Dashboards belong to no region.
  dashboard_arns = [for name in var.names : "arn:aws:cloudwatch::${var.account}:dashboard/${name}"]

  dashboards = {
    plan = [{
      Sid      = "ReadDashboards"
      Effect   = "Allow"
      Action   = "cloudwatch:GetDashboard"
      Resource = local.dashboard_arns
    }]

    apply = [{
      Sid      = "ManageDashboards"
      Effect   = "Allow"
      Action   = ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"]
      Resource = local.dashboard_arns
    }]
  }
}
