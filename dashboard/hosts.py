"""Names of hosts that mean something to more than one room."""

# This machine itself: what is sent to it leaves nothing and nobody reads along.
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
