"""The web application: blueprints, the error map, the webhook's fast path in front. No logic."""

from __future__ import annotations

import logging
from pathlib import Path

from flask import Flask, Response

from bot import logs
from bot.bootstrap import Wiring
from bot.config import Settings
from bot.line.webhook import LineWebhook
from bot.web import access, api, console, errors, health, mail_pages, open311, public, traffy_hook
from bot.web.opendata import pages as opendata

log = logging.getLogger(__name__)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def create_app(wiring: Wiring | None = None) -> Flask:
    """The application; without wiring from the environment. Call it after a server has forked."""
    if wiring is None:
        wiring = Wiring(Settings.read())
        logs.set_up(wiring.settings.log_level, wiring.settings.log_format)
    app = Flask("bot", static_folder=None, root_path=str(Path(__file__).parent))
    app.config.update(MAX_CONTENT_LENGTH=2 * 1024 * 1024, SECRET_KEY=wiring.settings.secret_key)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    access.guard(app)
    errors.add(app)
    app.register_blueprint(health.blueprint(wiring))
    app.register_blueprint(public.blueprint(wiring))
    app.register_blueprint(mail_pages.blueprint(wiring))
    app.register_blueprint(console.blueprint(wiring))
    app.register_blueprint(traffy_hook.blueprint(wiring))
    app.register_blueprint(open311.blueprint(wiring))
    app.register_blueprint(opendata.blueprint(wiring))
    app.register_blueprint(api.blueprint(wiring))
    webhook = LineWebhook(app.wsgi_app, wiring.settings.line_secret, wiring.writer)
    if wiring.settings.simulator:
        from bot.web import simulator_mail, simulator_mode

        app.register_blueprint(simulator_mode.blueprint(wiring, webhook))
        app.register_blueprint(simulator_mail.blueprint(wiring))
    app.after_request(_harden)
    app.wsgi_app = webhook  # type: ignore[method-assign]
    _trust_proxies(app, wiring.settings.trusted_proxies)
    return app


def _harden(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if "frame-ancestors *" in response.headers.get("Content-Security-Policy", ""):
        del response.headers["X-Frame-Options"]  # it knows no word for "everybody"
    return response


def _trust_proxies(app: Flask, count: int) -> None:
    if count:
        from werkzeug.middleware.proxy_fix import ProxyFix

        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_prefix=0
        )
