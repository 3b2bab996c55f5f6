mock_provider "aws" {
  source = "../../mocks"
}

run "the_example_works" {
  module {
    source = "./examples/complete"
  }

  assert {
    condition     = can(regex("^arn:aws:sns:", output.topic_arn))
    error_message = "The example's topic can be given to others."
  }
}
