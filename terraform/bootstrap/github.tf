# AWS checks GitHub's certificate against its own list of authorities: no thumbprint is needed.
# An account has one provider for a URL; where it is there already, import it (README.md).
resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}
