"""`python -m scripts.package`."""

import typer

from scripts.package.command import main

typer.run(main)
