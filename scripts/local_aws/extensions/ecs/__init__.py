"""ECS: moto forgets settings of services, and shows one deployment for ever.

Each module here begins with what it completes.
"""

from scripts.local_aws.extensions.ecs import clusters, services

__all__ = ["clusters", "services"]
