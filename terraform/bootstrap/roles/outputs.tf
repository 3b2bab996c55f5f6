output "account_id" {
  description = "The account the roles are in."
  value       = local.account
}

output "roles" {
  description = "ARNs of the plan role and the apply role."
  value = {
    plan  = aws_iam_role.plan.arn
    apply = aws_iam_role.apply.arn
  }
}

output "permissions_boundary" {
  description = "ARN of the policy that limits every role an apply makes."
  value       = aws_iam_policy.boundary.arn
}
