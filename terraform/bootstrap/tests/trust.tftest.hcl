# Who may become which role. Nothing here reaches AWS.

mock_provider "aws" {
  source          = "../mocks"
  override_during = plan
}

run "dev_applies_from_its_environment_on_main_only" {
  command = plan

  module {
    source = "./roles"
  }

  assert {
    condition     = aws_iam_role.apply.name == "batchworks-dev-apply"
    error_message = "The workflow assumes batchworks-<env>-apply."
  }

  assert {
    condition = jsondecode(aws_iam_role.apply.assume_role_policy).Statement == [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/github" }
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:ref" = "refs/heads/main"
          "token.actions.githubusercontent.com:sub" = "repo:acme/batchworks:environment:dev"
        }
      }
    }]
    error_message = "Only the environment dev of this repository, on main, may apply dev."
  }
}

run "dev_cannot_become_prd" {
  command = plan

  module {
    source = "./roles"
  }

  variables {
    environment = "prd"
  }

  assert {
    condition     = !strcontains(aws_iam_role.apply.assume_role_policy, "environment:dev")
    error_message = "A job of dev must not be able to apply prd."
  }

  assert {
    condition     = strcontains(aws_iam_role.apply.assume_role_policy, "repo:acme/batchworks:environment:prd")
    error_message = "The environment prd applies prd."
  }
}

run "jobs_of_the_plan_environment_plan" {
  command = plan

  module {
    source = "./roles"
  }

  assert {
    condition     = aws_iam_role.plan.name == "batchworks-dev-plan"
    error_message = "The workflow assumes batchworks-<env>-plan."
  }

  assert {
    condition = jsondecode(aws_iam_role.plan.assume_role_policy).Statement[0].Condition == {
      StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = "repo:acme/batchworks:environment:dev-plan"
      }
    }
    error_message = "Jobs of the environment dev-plan of this repository plan, nobody else."
  }
}

run "ids_of_the_repository_are_kept" {
  command = plan

  module {
    source = "./roles"
  }

  variables {
    github = { provider_arn = "arn:aws:iam::123456789012:oidc-provider/github", subject_prefix = "repo:acme@12/batchworks@34" }
  }

  assert {
    condition = (
      jsondecode(aws_iam_role.apply.assume_role_policy).Statement[0].Condition.StringEquals[
        "token.actions.githubusercontent.com:sub"
      ] == "repo:acme@12/batchworks@34:environment:dev"
    )
    error_message = "A repository whose tokens carry ids is trusted by them."
  }
}
