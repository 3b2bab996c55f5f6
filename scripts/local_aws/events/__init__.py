"""EventBridge's delivery: from an event that matched a rule to the rule's targets."""
