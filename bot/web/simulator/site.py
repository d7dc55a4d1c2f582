"""The simulator as a site: the Messaging API at the root, the phones at `/simulator`."""

from __future__ import annotations

from flask import Blueprint, Flask

from bot.web.simulator import api, api_menus, page
from bot.web.simulator.poster import Poster, http_poster
from bot.web.simulator.server import LineSimulator


def blueprint(
    sim: LineSimulator, webhook: str | Poster, settings: page.PageSettings | None = None
) -> Blueprint:
    """The Messaging API at the root and the page at `/simulator`, to be registered without a prefix.

    `webhook` is the bot's webhook: a URL, or a function `(body, headers) -> status`. `settings` says whom and
    what the page shows; without it only the Messaging API is served.
    """
    sim.post_to(http_poster(webhook) if isinstance(webhook, str) else webhook)
    both = Blueprint("line_simulator", __name__)
    both.register_blueprint(api.blueprint(sim))
    both.register_blueprint(api_menus.blueprint(sim))
    if settings is not None:
        both.register_blueprint(page.blueprint(sim, settings))
    return both


def create_line_app(sim: LineSimulator) -> Flask:
    """The Messaging API alone, for tests on a loopback port; webhooks go where `sim.post_to` says."""
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(api.blueprint(sim))
    app.register_blueprint(api_menus.blueprint(sim))
    return app
