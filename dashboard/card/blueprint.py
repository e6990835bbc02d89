"""The addresses of a charger's page, gathered from the files of this room."""

from flask import Blueprint

card = Blueprint("card", __name__)
