resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:Secrets are masked before they are logged: AWS's own key is enough
  #checkov:skip=CKV_AWS_338:A week is what the operators agreed on; longer is one variable away
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
}
