output "state_bucket" {
  description = "The bucket to write into <env>.tfbackend."
  value       = aws_s3_bucket.state.bucket
}

output "roles" {
  description = "For each environment: the roles that GitHub Actions assumes."
  value       = { for name, roles in module.roles : name => roles.roles }
}

output "permissions_boundaries" {
  description = "For each environment: the boundary to write into <env>.tfvars."
  value       = { for name, roles in module.roles : name => roles.permissions_boundary }
}

output "github_variables" {
  description = "Repository variables that the workflows read."
  value = merge(
    { AWS_REGION = var.region },
    { for name, roles in module.roles : "AWS_ACCOUNT_ID_${upper(name)}" => roles.account_id },
  )
}
