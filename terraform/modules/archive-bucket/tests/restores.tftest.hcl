mock_provider "aws" {
  source = "../../mocks"
}

variables {
  batch_restores = {
    role_name = "example-batch-restore"
    manifests = "example-lists/jobs/*/manifest.csv"
    reports   = "example-lists/jobs/*/reports/*"
  }
}

run "a_role_that_restores_and_no_more" {
  assert {
    condition = jsondecode(aws_iam_role.restores["role"].assume_role_policy).Statement == [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "batchoperations.s3.amazonaws.com" }
    }]
    error_message = "Only S3 Batch Operations takes the role."
  }

  assert {
    condition = {
      for statement in jsondecode(aws_iam_role_policy.restores["role"].policy).Statement :
      statement.Sid => [statement.Effect, statement.Action, statement.Resource]
      } == {
      RestoreObjects = ["Allow", ["s3:RestoreObject"], ["arn:aws:s3:::example-archive/*"]]
      ReadManifests = [
        "Allow", ["s3:GetObject", "s3:GetObjectVersion"],
        ["arn:aws:s3:::example-lists/jobs/*/manifest.csv"],
      ]
      WriteReports = ["Allow", ["s3:PutObject"], ["arn:aws:s3:::example-lists/jobs/*/reports/*"]]
    }
    error_message = "It restores, reads lists and writes reports; it reads no archived object."
  }

  assert {
    condition = (
      output.restore_role.name == "example-batch-restore" &&
      aws_iam_role.restores["role"].permissions_boundary == null
    )
    error_message = "Whoever starts a job is told the role."
  }
}

run "under_a_key_and_a_boundary" {
  variables {
    kms_key_arn = "arn:aws:kms:ap-northeast-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    batch_restores = {
      role_name = "example-batch-restore"
      manifests = "example-lists/jobs/*/manifest.csv"
      reports   = "example-lists/jobs/*/reports/*"
      boundary  = "arn:aws:iam::123456789012:policy/batchworks-dev-boundary"
    }
  }

  assert {
    condition = [
      for statement in jsondecode(aws_iam_role_policy.restores["role"].policy).Statement :
      [statement.Action, statement.Resource] if statement.Sid == "UseKey"
    ] == [[["kms:Decrypt", "kms:GenerateDataKey"], [var.kms_key_arn]]]
    error_message = "It may use the key that lists and objects are encrypted with."
  }

  assert {
    condition = (
      aws_iam_role.restores["role"].permissions_boundary == var.batch_restores.boundary
    )
    error_message = "The role carries the boundary it is given."
  }
}
