# EFS itself refuses to delete a file system only while it has mount targets, and Terraform destroys
# its own of those. This is destroyed before the file system and with it: a plan that would do so
# fails. To destroy on purpose: README, Destroy it.
resource "terraform_data" "protection" {
  count = var.protected ? 1 : 0

  triggers_replace = [aws_efs_file_system.this.id]

  lifecycle {
    prevent_destroy = true
  }
}
