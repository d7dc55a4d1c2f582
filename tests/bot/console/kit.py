"""A simulator installation with people of every role, and a browser-like client that presses the buttons of pages."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.bootstrap import Wiring
from store.words import RoleName
from tests.installation import installed
from tests.town import Town

OFFICIAL, REPRESENTATIVE, ADMINISTRATOR, CITIZEN = "สมศักดิ์", "ป้าแดง", "วิภา", "มะลิ"
_LINK = re.compile(r"/console/enter/[\w-]+")
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Place:
    """The installation, its town, and its application."""

    wiring: Wiring
    town: Town
    app: Any

    def link(self, name: str) -> str:
        """The path of the newest one-time link that the bot sends her."""
        seen = self.town.says(name, "เข้าเว็บ")
        addresses = [data for one in seen for _, data in one.buttons]
        return next(found[0] for data in addresses if (found := _LINK.search(data)))

    def enter(self, name: str) -> Desk:
        """She signs in on a fresh device."""
        client = self.app.test_client()
        assert client.post(self.link(name)).status_code == 303
        return Desk(client)


@dataclass
class Desk:
    """One device that is signed in."""

    client: FlaskClient

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, follow_redirects=True)

    def post(self, path: str, page: str = "/console/home", **fields: Any) -> TestResponse:
        """Send a form as a page of hers would, and follow to what is shown then."""
        return self.client.post(
            path,
            data={"csrf": self.csrf(page), **fields},
            follow_redirects=True,
            content_type="multipart/form-data",
        )

    def csrf(self, page: str = "/console/home") -> str:
        found = _CSRF.search(self.get(page).text)
        return found[1] if found else ""

    def press(self, page: str, label: str) -> TestResponse:
        """Press the first button of that label on a page of cards."""
        for form in re.findall(r"<form.*?</form>", self.get(page).text, re.S):
            if f">{label}</button>" in form:
                action = re.search(r'action="([^"]+)"', form)
                fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
                assert action is not None
                sent = {name: unescape(value) for name, value in fields.items()}
                return self.client.post(action[1], data=sent, follow_redirects=True)
        raise AssertionError(f"no button {label!r} on {page}")


def place(folder: Path, **more: str) -> Place:
    """An official of the works division, a representative of its network, an administrator and a citizen."""
    wiring = installed(folder, **more)
    town = Town(wiring.store, now=datetime.now(UTC))
    town.house = wiring.house
    town.settle(OFFICIAL, RoleName.OFFICIAL, agency="WORKS")
    town.settle(REPRESENTATIVE, RoleName.REPRESENTATIVE, network="ROADS")
    town.settle(ADMINISTRATOR, RoleName.ADMINISTRATOR)
    town.settle(CITIZEN)
    return Place(wiring, town, create_app(wiring))


def report(at: Place, words: str = "ถนนเป็นหลุมลึก หน้าวัดศรีบุญเรืองฟ้าเลย ต.กุดป่อง โทร 081-234-5678") -> str:
    """The citizen reports something; gives the case's code."""
    at.town.says(CITIZEN, words)
    at.town.taps(CITIZEN, "ส่งเรื่อง")
    return str(at.town.case().code)


def photo() -> tuple[io.BytesIO, str]:
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(content, "JPEG")
    content.seek(0)
    return content, "after.jpg"
