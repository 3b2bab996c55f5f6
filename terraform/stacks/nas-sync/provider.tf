provider "aws" {
  region = var.region

  default_tags {
    tags = {
      project     = "batchworks"
      stack       = basename(abspath(path.root))
      environment = var.environment
    }
  }
}
