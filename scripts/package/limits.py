"""How big packages may be."""

from collections.abc import Mapping

from scripts.package.builds import Built
from scripts.package.packages import Kind, Package, PackageError, parts

MIB = 1024 * 1024
FUNCTION_LIMIT = 262_144_000
"""Most bytes of a function and its layers, unzipped (AWS: Lambda quotas, "250 MB")."""
LAYER_LIMIT = 120 * MIB
"""Most bytes of one third-party layer, unzipped: our own limit, for the sake of cold starts."""


def check(known: Mapping[str, Package], built: Mapping[str, Built]) -> None:
    """Refuse what AWS would refuse, or what makes cold starts slow.

    Raises:
        PackageError: A third-party layer, or a function with its layers, is too big.
    """
    sizes = {name: record.unzipped for name, record in built.items()}
    for name, size in sizes.items():
        if known[name].kind is Kind.LIBRARIES and size >= LAYER_LIMIT:
            raise PackageError(
                f"{name} has {size / MIB:.1f} MiB unzipped, the limit is {LAYER_LIMIT // MIB}: "
                f"prune more ({known[name].source / 'prune.txt'}) or drop a dependency"
            )
    functions = [name for name in sizes if not name.startswith("layer-")]
    for name in functions:
        if known[name].kind is not Kind.CODE:
            continue
        total = sum(sizes[part] for part in parts(name, sizes))
        if total >= FUNCTION_LIMIT:
            raise PackageError(
                f"{name} with its layers has {total:,} bytes unzipped, Lambda takes less than "
                f"{FUNCTION_LIMIT:,}: move what few runs need out of the layers"
            )
