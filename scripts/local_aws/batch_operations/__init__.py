"""S3 Batch Operations: one request, millions of objects, a report of each."""
