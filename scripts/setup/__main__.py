"""Make the environment, or the named parts of it: `scripts/setup/run [PART…]`."""

import argparse
import sys
from collections.abc import Callable, Sequence

from scripts.setup import checkers, environments, providers, terraform
from scripts.setup.console import SetupError

PARTS: dict[str, Callable[[], None]] = {
    "python": environments.working,
    "lambda-runtime": environments.lambda_runtime,
    "terraform": terraform.ensure,
    "providers": providers.configure,
    "linters": checkers.ensure,
    "checkov": environments.checkov,
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="scripts/setup/run", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(PARTS)}")
    chosen = parser.parse_args(arguments).parts or list(PARTS)
    unknown = sorted(set(chosen) - set(PARTS))
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}. There are {', '.join(PARTS)}")
    try:
        for part in chosen:
            PARTS[part]()
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
