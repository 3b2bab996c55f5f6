"""efs-autoscaler by hand: what an operator does before the stack is destroyed."""
