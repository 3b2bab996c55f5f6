"""IAM that is enforced: what a role may do is asked of its policies, and written down."""
