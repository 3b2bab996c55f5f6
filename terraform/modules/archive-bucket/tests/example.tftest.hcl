mock_provider "aws" {
  source = "../../mocks"
}

run "the_example_works" {
  module {
    source = "./examples/complete"
  }

  variables {
    kms_key_arn = "arn:aws:kms:ap-northeast-1:123456789012:key/11111111-2222-3333-4444-555555555555"
    package     = "main.tf" # any file: only hashed
  }

  assert {
    condition     = output.inventory == "s3://example-archive-lists/inventory"
    error_message = "The example's bucket has its inventory in the other."
  }
}
