# The account: its state bucket, GitHub's provider, and what it refuses. Nothing here reaches AWS.

mock_provider "aws" {
  source          = "../mocks"
  override_during = plan

  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::acme-state" }
  }
}

run "state_is_safe" {
  command = plan

  assert {
    condition     = aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled"
    error_message = "Old states have to be kept: they are the way back."
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.state.block_public_acls,
      aws_s3_bucket_public_access_block.state.block_public_policy,
      aws_s3_bucket_public_access_block.state.ignore_public_acls,
      aws_s3_bucket_public_access_block.state.restrict_public_buckets,
    ])
    error_message = "The public has no access."
  }

  assert {
    condition = jsondecode(aws_s3_bucket_policy.state.policy).Statement == [{
      Sid       = "OnlyOverTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = ["arn:aws:s3:::acme-state", "arn:aws:s3:::acme-state/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
    error_message = "Nobody speaks to the bucket without TLS."
  }

  assert {
    condition = one(one(
      aws_s3_bucket_server_side_encryption_configuration.state.rule
    ).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "State is encrypted."
  }
}

run "github_is_trusted_for_aws_only" {
  command = plan

  assert {
    condition = (
      aws_iam_openid_connect_provider.github.url == "https://token.actions.githubusercontent.com"
      && aws_iam_openid_connect_provider.github.client_id_list == toset(["sts.amazonaws.com"])
    )
    error_message = "Tokens of GitHub Actions, made for AWS."
  }
}

run "github_is_told_the_account_of_each_environment" {
  command = plan

  assert {
    condition = output.github_variables == {
      AWS_REGION         = "ap-northeast-1"
      AWS_ACCOUNT_ID_DEV = "123456789012"
      AWS_ACCOUNT_ID_PRD = "123456789012"
    }
    error_message = "The workflows read these variables."
  }
}

run "wildcards_in_the_repository_are_refused" {
  command = plan

  variables {
    github_subject_prefix = "repo:acme/*"
  }

  expect_failures = [var.github_subject_prefix]
}

run "one_id_without_the_other_is_refused" {
  command = plan

  variables {
    github_subject_prefix = "repo:acme@12/batchworks"
  }

  expect_failures = [var.github_subject_prefix]
}

run "no_environment_is_refused" {
  command = plan

  variables {
    environments = {}
  }

  expect_failures = [var.environments]
}

run "the_roles_own_name_is_no_system" {
  command = plan

  variables {
    systems = ["batchworks"]
  }

  expect_failures = [var.systems]
}

run "a_bucket_name_that_s3_refuses_is_refused" {
  command = plan

  variables {
    state_bucket = "Acme_State"
  }

  expect_failures = [var.state_bucket]
}
