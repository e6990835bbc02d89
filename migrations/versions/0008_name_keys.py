"""Once: names compared without what cannot be seen. 0013 does it, with a rule of its own that does not change."""

revision = "0008"
down_revision = "0005"


def upgrade() -> None:
    pass
