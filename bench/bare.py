"""What we compare with: Flask, flask-login, a user in SQLite and a Jinja page of three chargers; nothing else."""

from __future__ import annotations

import os
import sqlite3

from flask import Flask, redirect, render_template_string, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, login_required, login_user

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Chargers</title>
<link rel="stylesheet" href="/style.css"></head><body><main>
{% for charger in chargers %}<article id="{{ charger.id }}"><h1>{{ charger.name }}</h1>
<p>{{ charger.sentence }}</p>
<form method="post" action="/chargers/{{ charger.id }}/pause"><button>Pause</button></form>
<dl>{% for label, value, unit in charger.numbers %}
<div><dt>{{ label }}</dt><dd>{{ value }} {{ unit }}</dd></div>{% endfor %}</dl>
</article>{% endfor %}</main></body></html>"""
CHARGERS = [
    {
        "id": f"charger-{number}",
        "name": f"Charger {number}",
        "sentence": "Charging with 7.2 kW",
        "numbers": [("Power", 7.2, "kW"), ("Session", 11.4, "kWh"), ("Cost", 2.85, "€")],
    }
    for number in (1, 2, 3)
]


class User(UserMixin):  # type: ignore[misc]  # the package has no types
    def __init__(self, id: int, name: str) -> None:
        self.id, self.name = id, name


def create_app() -> Flask:
    path = os.environ["BARE_DATABASE"]
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS user (id INTEGER PRIMARY KEY, name TEXT)")
        connection.execute("INSERT OR IGNORE INTO user VALUES (1, 'Anna')")
    app = Flask(__name__)
    app.secret_key = os.environ["SECRET_KEY"]
    manager = LoginManager(app)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(user_id: str) -> User | None:
        connection = sqlite3.connect(path)
        row = connection.execute("SELECT id, name FROM user WHERE id = ?", (int(user_id),)).fetchone()
        connection.close()
        return User(*row) if row else None

    @app.post("/login")
    def sign_in() -> ResponseReturnValue:
        login_user(User(1, request.form["name"]))
        return redirect("/", code=303)

    @app.get("/")
    @login_required  # type: ignore[untyped-decorator]
    def show() -> str:
        return render_template_string(PAGE, chargers=CHARGERS)

    @app.get("/healthz")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    return app
