# What an AWS account needs once, before GitHub Actions can plan and apply stacks in it:
#
#   state.tf   the bucket that holds Terraform's state
#   github.tf  GitHub as an identity provider: no long-lived keys anywhere
#   roles/     for each environment: who plans (reads), who applies, and what no role may exceed

module "roles" {
  source   = "./roles"
  for_each = var.environments

  environment  = each.key
  network      = each.value.network
  region       = var.region
  systems      = var.systems
  buckets      = var.buckets
  state_bucket = aws_s3_bucket.state.bucket

  github = {
    provider_arn   = aws_iam_openid_connect_provider.github.arn
    subject_prefix = var.github_subject_prefix
  }
}
