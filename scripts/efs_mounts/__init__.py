"""One EFS file system by several mount targets: a container's entry point, and a router."""

from .router import Router, UnsafePathError

__all__ = ["Router", "UnsafePathError"]
