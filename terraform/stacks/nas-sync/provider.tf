provider "aws" {
  region = var.region

  default_tags {
    tags = {
      project     = "batchworks"
      stack       = basename(abspath(path.root))
      Environment = var.environment # as the contract of this system spells it; IAM takes only one
    }
  }
}
