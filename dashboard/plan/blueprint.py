"""The addresses of this room, gathered from its files."""

from flask import Blueprint

blueprint = Blueprint("plan", __name__)
