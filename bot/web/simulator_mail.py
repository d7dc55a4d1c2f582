"""`/simulator/mail`: without a mail server, the mails to agencies as their readers would see them, with an answer box."""

from __future__ import annotations

import secrets
import time
from email.message import EmailMessage
from email.utils import make_msgid
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, redirect, render_template, request

from bot.agencies.email import composed
from bot.agencies.letter import as_html
from bot.agencies.mail_intake import MailIntake, store_mail
from bot.agencies.mail_reading import LEAST_PICTURE, read
from bot.agencies.mailbox import Mailbox
from bot.web import access
from bot.web.public import POLICY, language, texts
from handlers.messages.mail import Mail
from handlers.services.intake import city_time
from handlers.services.mail_links import token
from store.models import Outbox
from store.queries import gateway_outbox
from store.queries.outbox import Letter
from store.words import EMAIL

if TYPE_CHECKING:
    from bot.bootstrap import Wiring

_POLICY = POLICY.replace("form-action 'none'", "form-action 'self'").replace(
    "style-src 'self'", "style-src 'self' 'unsafe-inline'"
)


def blueprint(wiring: Wiring) -> Blueprint:
    """List, one mail, and the answer to it."""
    routes = Blueprint("simulator_mail", __name__)
    access.allow(routes, access.SIMULATOR)

    @routes.get("/simulator/mail")
    def mails() -> Response:
        with wiring.store.reading() as unit:
            found = gateway_outbox.of_channel(unit, EMAIL)
            now = city_time(unit, wiring.house.clock())
        return _page(wiring, "list", mails=[_shown(wiring, row) for row in found], now=now)

    @routes.get("/simulator/mail/<int:number>")
    def one(number: int) -> Response:
        row = _row(wiring, number)
        return _page(wiring, "one", **_shown(wiring, row), sent=request.args.get("sent"))

    @routes.post("/simulator/mail/<int:number>")
    def answer(number: int) -> Any:
        request.max_content_length = 20 * 1024 * 1024
        _answer(wiring, _row(wiring, number))
        return redirect(f"/simulator/mail/{number}?sent=1&lang={language()}")

    @routes.after_request
    def harden(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    return routes


def _row(wiring: Wiring, number: int) -> Outbox:
    with wiring.store.reading() as unit:
        row = unit.get(Outbox, number)
    return row if row is not None and row.channel == EMAIL else abort(404)


def _shown(wiring: Wiring, row: Outbox) -> dict[str, Any]:
    """A mail as its reader sees it; ``html`` is made by our own template, which escapes everything."""
    mail = Mail.from_json(row.messages[0]) if row.messages else None
    news = mail.stop if mail else ""
    link_of = lambda nonce: f"/mail/{'news/' if nonce == news else ''}{token(wiring.house, nonce)}"
    return {
        "id": row.id,
        "to": row.to,
        "at": row.created_at.astimezone(wiring.settings.zone).strftime("%d/%m %H:%M"),
        "subject": mail.subject if mail else "",
        "html": _body(as_html(mail, link_of)) if mail else "",
    }


def _body(page: str) -> str:
    """What stands between the body's tags."""
    return page.partition("<body")[2].partition(">")[2].rpartition("</body>")[0]


def _answer(wiring: Wiring, row: Outbox) -> None:
    """Make the very mail that a mail program would, and take it in as the mailbox's reader does."""
    text, upload = request.form.get("text", ""), request.files.get("photo")
    if not row.messages:
        return
    letter = Letter(row.id, row.to, row.messages, None, None, False, row.retry_key, 1, None, "")
    ours = composed(letter, wiring.house, wiring.postmark)
    made = EmailMessage()
    made["From"], made["To"] = row.to, ours["Reply-To"] or ours["From"]
    made["Subject"], made["Message-ID"] = f"Re: {ours['Subject']}", make_msgid(domain="simulator.invalid")
    made["In-Reply-To"] = ours["Message-ID"]
    made.set_content(text or "")
    picture = upload.read() if upload is not None else b""
    if len(picture) >= LEAST_PICTURE:
        made.add_attachment(picture, maintype="image", subtype="jpeg", filename="photo.jpg")
    mail = read(made.as_bytes(), secrets.token_hex(8))
    box = Mailbox("imap://localhost")
    intake = MailIntake(wiring.store, box, wiring.files, wiring.house, "simulator")
    store_mail(wiring.store, mail, intake.kept(mail), time.time())
    if "worker" in wiring.__dict__:
        wiring.worker.wake_inbox()


def _page(wiring: Wiring, name: str, **values: Any) -> Response:
    lang = language()
    body = render_template(
        f"simulator_mail/{name}.html", t=texts(lang), lang=lang, other=None, city=None, city_name="", **values
    )
    return Response(body, content_type="text/html; charset=utf-8")
