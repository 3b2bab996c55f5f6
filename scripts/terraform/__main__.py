"""`python -m scripts.terraform`."""

from scripts.terraform.commands import main

main()
