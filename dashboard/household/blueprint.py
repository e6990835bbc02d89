"""The addresses of people and signing in, gathered from the files of this room."""

from flask import Blueprint

household = Blueprint("household", __name__)
