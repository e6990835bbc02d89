"""What the ways keep: the pair of keys that pushes are signed with."""

from sqlalchemy import Column, String, Table, Text

from dashboard.database import UtcTime, metadata

# A row for each secret key there has been: browsers that subscribed under one take nothing that another signed.
push_key = Table(
    "push_key",
    metadata,
    Column("secret_name", String(32), primary_key=True),  # a keyed hash of the secret key
    Column("sealed", Text, nullable=False),  # the private key
    Column("made_at", UtcTime, nullable=False),
)
