output "policies" {
  description = "Statements of the plan role and of the apply role, by the policy that holds them."
  value = {
    for policy in keys(var.policies) : policy => {
      plan = local.plan[policy]
      apply = [
        for statements in local.alike[policy] : merge(
          statements[length(statements) - 1],
          { Action = distinct(flatten(statements[*].Action)) },
        )
      ]
    }
  }
}
