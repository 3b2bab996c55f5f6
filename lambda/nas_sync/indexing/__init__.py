"""What was read of the files of a work file, into OpenSearch and DynamoDB."""
