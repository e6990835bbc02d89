"""What Alembic runs for each upgrade; the connection comes from dashboard/database.py."""

from alembic import context

from dashboard.database import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
