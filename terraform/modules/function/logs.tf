resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:Logs hold no secrets (they are masked) and are encrypted with the AWS managed key
  #checkov:skip=CKV_AWS_338:A week is what the operators agreed on; longer is one variable away
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
}
