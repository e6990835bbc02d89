"""The addresses of More, gathered from the files of this room."""

from flask import Blueprint

more = Blueprint("more", __name__)
