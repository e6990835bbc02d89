"""What the household's database holds about its people, their browsers and their links."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from dashboard.database import UtcTime, metadata

member_table = Table(
    "member",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime),
    sqlite_autoincrement=True,  # the activity log keeps the ids of people who left; none is given out twice
)

# One browser that is signed in. Its session ends when the row goes.
device_table = Table(
    "device",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("member_id", ForeignKey("member.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("browser", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("stays", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)

# A browser in which that member has signed in before, signed in now or not.
known_browser = Table(
    "known_browser",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("member_id", ForeignKey("member.id", ondelete="CASCADE"), primary_key=True),
    Column("last_used_at", UtcTime, nullable=False),
)

invitation_table = Table(
    "invitation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("made_by_id", Integer, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("revoked_at", UtcTime),
    sqlite_autoincrement=True,
)

# Deleted when it is used.
reset_link = Table(
    "reset_link",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("member_id", ForeignKey("member.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("made_by_id", Integer, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)

# The code that makes the first owner; at most one row.
setup_code = Table(
    "setup_code",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code_hash", Text, nullable=False),
)

# How often somebody has been wrong lately, by a keyed hash of who and from where.
throttle_table = Table(
    "throttle",
    metadata,
    Column("key", Text, primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("last_at", UtcTime, nullable=False),
    Column("blocked_until", UtcTime, nullable=False),
)
wrong_try = Table(
    "wrong_try",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name_hash", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "name_hash", "at"),
    sqlite_autoincrement=True,
)

# Something about the set-up that owners should know, and when it was last so.
notice = Table(
    "notice",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
)
