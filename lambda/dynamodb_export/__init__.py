"""dynamodb-export: the app's tables in S3 every day."""

SERVICE = "DataPipeline"  # as log lines and metrics name it
PACKAGE = "dynamodb_export"

# The jobs of this package, named as their functions are.
EXPORT = "export-dynamodb"
BATCH = "batch-export"
FOLLOW_UP = "export-follow-up"
PARTITION = "partition-manager"
