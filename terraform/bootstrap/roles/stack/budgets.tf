locals {
  # Budgets belong to no region.
  budget_arns = [for name in var.names : "arn:aws:budgets::${var.account}:budget/${name}"]

  budgets = {
    plan = [{
      Sid      = "ReadBudgets"
      Effect   = "Allow"
      Action   = ["budgets:ListTagsForResource", "budgets:ViewBudget"]
      Resource = local.budget_arns
    }]

    apply = [{
      Sid      = "ManageBudgets"
      Effect   = "Allow"
      Action   = ["budgets:ModifyBudget", "budgets:TagResource", "budgets:UntagResource"]
      Resource = local.budget_arns
    }]
  }
}
