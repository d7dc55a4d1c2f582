"""What tests of the gateways share: a real installation, a real mail server on loopback, a case by mail."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from PIL import Image

from bot.agencies.email import Postmark
from store.queries import gateway_outbox
from store.queries.outbox import Letter
from tests.town import Town

HIGHWAY = "highway@agencies.example"
MARK = Postmark("เมืองฟ้าเลย <saan@city.example>", True)


def picture(side: int = 400) -> bytes:
    """A photo with an EXIF note, noisy enough to have a photo's size."""
    image = Image.effect_noise((side, side), 80).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "secret camera"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


@dataclass
class Postbox:
    """An SMTP server's handler: keeps what arrives, or answers as told."""

    mails: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    sender: list[str] = field(default_factory=list)
    refuse_rcpt: str = ""
    refuse_data: list[str] = field(default_factory=list)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _o: Any) -> str:
        if self.refuse_rcpt:
            return self.refuse_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refuse_data:
            return self.refuse_data.pop(0)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.to += envelope.rcpt_tos
        self.sender.append(envelope.mail_from)
        return "250 taken"


@contextmanager
def smtp_server(box: Postbox) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


def pothole(town: Town) -> None:
    """A case that the highways district, which reads mail only, is offered."""
    town.turn_on_mail()
    town.settle("มี")
    town.says("มี", "ถนนทรุดเป็นหลุมลึก ทางหลวงหน้าวัดโพนชัย ต.น้ำหมาน")
    town.taps("มี", "ส่งเรื่อง")


def letter_to(town: Town, address: str = HIGHWAY, channel: str = "email") -> Letter:
    """The newest row for that address, as a gateway is given it."""
    with town.store.reading() as unit:
        row = gateway_outbox.of_channel(unit, channel, address)[0]
    return Letter(
        row.id,
        row.to,
        row.messages,
        None,
        None,
        False,
        row.retry_key,
        1,
        None,
        "w",
        channel,
        row.case_id,
        row.agency,
    )
