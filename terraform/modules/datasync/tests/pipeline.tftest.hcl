mock_provider "aws" {
  source = "../../mocks"
}

run "a_pipeline_by_its_names" {
  assert {
    condition     = output.state_machine.name == "CIS-Monthly-Batch-Sync"
    error_message = "Operators start it by this name."
  }
}
