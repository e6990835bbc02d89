"""Shell commands: `flask --app app household …`, for what the page cannot do or can no longer do."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from dashboard import activity
from dashboard.access import Role
from dashboard.household import passwords
from dashboard.household.members import Refused, add_member
from dashboard.services import services

commands = AppGroup("household", help="The household's people and its database.")


def _ask_password(name: str) -> str:
    """Asked for without echo, or one line of standard input where that is not a terminal."""
    if sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if problem := passwords.problem_with(password, name):
        raise click.ClickException(problem)
    return str(password)


@commands.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
def add(name: str, role: str) -> None:
    """Add somebody; the password is asked for."""
    hash = passwords.hash_password(_ask_password(name))
    now = services().now()
    try:
        with services().database.writing() as connection:
            added = add_member(connection, name, Role(role), hash, now)
            details = {"name": added.name, "role": role}
            activity.record(connection, at=now, kind="member_added", origin="shell", details=details)
    except Refused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{added.name} is now {role} of the household{_which()}.")


def _which() -> str:
    return " (the demo's)" if services().settings.is_demo else ""
