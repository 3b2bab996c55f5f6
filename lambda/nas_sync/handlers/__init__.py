"""Entry points of the Lambda functions, one module each, so that each imports only its own layer."""
