"""What can go wrong."""


class TerraformError(Exception):
    """Terraform cannot be started as asked, or failed.

    Attributes:
        exit_code: Terraform's own, or 1.
        output: What Terraform wrote to stderr; empty where it was not started.
    """

    def __init__(self, message: str, *, exit_code: int = 1, output: str = "") -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.output = output
