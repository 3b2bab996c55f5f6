"""Ask S3 for temporary copies of archived files."""
