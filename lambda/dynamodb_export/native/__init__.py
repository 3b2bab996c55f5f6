"""Exports that DynamoDB makes itself: started, followed to their end, verified."""
