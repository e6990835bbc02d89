"""Timers and the weekly plan: what is to happen later, by whose word, and what became of it."""

from flask import Flask


def init_app(app: Flask) -> None:
    from dashboard.plan import card, cars, chore, pages, store  # noqa: F401 - pages adds its routes
    from dashboard.plan.routes import plan

    app.register_blueprint(plan)
    hooks = app.extensions["services"].hooks
    hooks.card_parts.append(card.part)
    hooks.on_state.append(cars.see)
    hooks.chores.append(chore.tick)
    hooks.clean_ups.append(store.forget_old)
