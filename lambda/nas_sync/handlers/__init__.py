"""Entry points of the Lambda functions, a module each: none imports another one's layer."""
