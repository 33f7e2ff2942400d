"""The embedded PostgreSQL: binaries from a wheel, started by our own launcher.

The wheel's own launcher trusts every local user and loosens the permissions of parent folders;
this one asks for a password, listens on a socket in a 0700 folder only and leaves every folder
that is not its own as it is.
"""

from kundenstamm.kit.postgres.cluster import Cluster, ClusterError

__all__ = ["Cluster", "ClusterError"]
