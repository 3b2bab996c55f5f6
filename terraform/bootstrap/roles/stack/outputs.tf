output "statements" {
  description = "Statements of the plan role and of the apply role."
  value = {
    plan = local.plan
    apply = [
      for statements in local.alike : merge(
        statements[length(statements) - 1],
        { Action = distinct(flatten(statements[*].Action)) },
      )
    ]
  }
}
