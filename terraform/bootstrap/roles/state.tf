locals {
  state_bucket = "arn:aws:s3:::${var.state_bucket}"
  own_state    = "${local.state_bucket}/${var.environment}"

  state = {
    plan = [
      {
        # Without a condition on the prefix: S3 would answer a state that isn't there yet with
        # 403 instead of 404, and the first plan of a stack could never start.
        Sid      = "ListStates"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = local.state_bucket
      },
      {
        Sid      = "ReadState"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${local.own_state}/*.tfstate"
      },
      {
        Sid      = "LockState"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
        Resource = "${local.own_state}/*.tfstate.tflock"
      },
    ]

    # Nothing deletes a state: an empty one is written instead.
    apply = [{
      Sid      = "WriteState"
      Effect   = "Allow"
      Action   = "s3:PutObject"
      Resource = "${local.own_state}/*.tfstate"
    }]
  }
}
