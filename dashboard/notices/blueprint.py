"""The addresses of this room."""

from flask import Blueprint

notices = Blueprint("notices", __name__)
