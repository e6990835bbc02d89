"""The charger's page: what it is doing, the one button, the receipt; and everything behind them."""

from flask import Flask


def init_app(app: Flask) -> None:
    from dashboard.charging import exports, questions, routes
    from dashboard.charging.renderings import Renderings

    app.extensions["renderings"] = Renderings()
    app.register_blueprint(routes.charging)
    app.register_blueprint(questions.questions)
    app.register_blueprint(exports.exports)
