"""The table of files in DynamoDB: an item for each, without its text and vector."""
