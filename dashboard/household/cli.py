"""Shell commands: `flask --app app household …`, for what the page cannot do or can no longer do."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from dashboard import backups
from dashboard.activity import log as activity_log
from dashboard.activity.kinds import LineKind
from dashboard.backup_files import BackupFailed
from dashboard.household import members, passwords, words
from dashboard.running import sqlite_file
from dashboard.services import current_services
from dashboard.settings import INSTALLED, ROOT, Settings
from dashboard.web.access import Role
from dashboard.web.forms import Wrong


@click.group("household", cls=AppGroup)
@click.pass_context
@with_appcontext
def commands(context: click.Context) -> None:
    """The household's people and its database."""
    problem = current_services().database.problem
    if problem and context.invoked_subcommand != "restore":
        raise click.ClickException(problem)
    if _is_beside_the_installed(current_services().settings):
        click.echo(
            "A dashboard is installed on this machine, with a household of its own. "
            f"This is another one, in {ROOT}. "
            f"For the installed one: sudo {INSTALLED.parent.name} household {context.invoked_subcommand}",
            err=True,
        )


def _is_beside_the_installed(settings: Settings) -> bool:
    """Whether this is a clone with a database of its own, while what people use runs from elsewhere."""
    if not settings.is_sqlite or sqlite_file(settings.database_url).parent != settings.instance:
        return False
    return INSTALLED.exists() and not ROOT.is_relative_to(INSTALLED.parent)


def _ask_password(name: str) -> str:
    """Asked for without echo, or one line of standard input where that is not a terminal."""
    if _is_terminal():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if problem := passwords.problem_with(password, name):
        raise click.ClickException(problem)
    return str(password)


def _is_terminal() -> bool:
    return sys.stdin.isatty()


@commands.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
def add(name: str, role: str) -> None:
    """Add somebody; the password is asked for."""
    with current_services().database.reading() as connection:
        if members.find_by_name(connection, name):
            raise click.ClickException(words.name_taken(name))
    hash = passwords.hash_password(_ask_password(name))
    now = current_services().now()
    try:
        with current_services().database.writing() as connection:
            added = members.add_member(connection, name, Role(role), hash, now)
            details = {"name": added.name, "role": role}
            activity_log.record(connection, at=now, kind=LineKind.MEMBER_ADDED, origin="shell", details=details)
    except Wrong as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{added.name} is now {words.a_role(role)}{_where()}.")


@commands.command("password")
@click.argument("name")
def password(name: str) -> None:
    """Give somebody a new password, and sign out all their devices."""
    with current_services().database.reading() as connection:
        person = members.find_by_name(connection, name)
    if person is None:
        raise click.ClickException(f"There is nobody called {name}{_where()}.")
    hash = passwords.hash_password(_ask_password(person.name))
    with current_services().database.writing() as connection:
        passwords.replace(connection, person.id, hash)
        details = {"name": person.name}
        now = current_services().now()
        activity_log.record(connection, at=now, kind=LineKind.PASSWORD_SET, origin="shell", details=details)
    click.echo(f"{person.name} has a new password; all their devices are signed out.")


@commands.command("list")
def list_members() -> None:
    """List everybody with their role."""
    with current_services().database.reading() as connection:
        people = members.everybody(connection)
    for person in people:
        click.echo(f"{person.role:8}{person.name}")
    if not people:
        click.echo(f"Nobody yet{_where()}.")


def _where() -> str:
    return " in the demo" if current_services().settings.is_demo else ""


@commands.command("migrate")
def migrate() -> None:
    """Bring the database up to date; it also happens at each start."""
    current_services().database.migrate()


@commands.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--daily", is_flag=True, help="FILE is a folder: keep 7 days and 4 weeks in it.")
def backup(file: Path, daily: bool) -> None:
    """Copy the database into a new FILE, also while the dashboard runs."""
    database, now = current_services().database, current_services().now()
    try:
        if daily:
            file = backups.make_of_today(database, file, now.date())
        else:
            backups.make(database, file)
    except BackupFailed as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"The database is copied to {file}. Keep it safe: it holds the household's password hashes.")


@commands.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Put a backup in the database's place, while the dashboard is stopped."""
    services = current_services()
    try:
        kept = backups.put_back(services.database, file, services.settings.instance, services.now())
    except BackupFailed as error:
        raise click.ClickException(str(error)) from error
    was = f" What was there before is kept in {kept.resolve()}." if kept else ""
    click.echo(f"{file} is put back{_where()}.{was} Start the dashboard again.")
