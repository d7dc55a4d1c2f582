"""A process killed after a mail was handed over and before that was written down: it goes again, as the same mail."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.agencies.email import EmailGateway
from handlers.services.gateway_delivery import LEASE_S, GatewayDelivery
from store import Store
from store.words import RowState
from tests.bot.agencies.kit import HIGHWAY, MARK, Postbox, pothole, smtp_server
from tests.kill.victim import DIED
from tests.pipes import T0, outbox_rows
from tests.town import Town

pytestmark = pytest.mark.slow

VICTIM = """
import os, sys
from datetime import datetime
from bot.agencies.email import EmailGateway
from handlers.services.gateway_delivery import GatewayDelivery
from store import Store
from tests.bot.agencies.kit import MARK
from tests.town import BANGKOK
from handlers.house import House
from tests.kill.victim import DIED
url, smtp, now, at = sys.argv[1:5]
house = House(render=None, model=None, base_url="https://saan.example", zone=BANGKOK, secret="k" * 32)
class Dying(EmailGateway):
    def send(self, letter):
        super().send(letter)
        os._exit(DIED)
delivery = GatewayDelivery(Store(url), {"email": Dying(smtp, house, MARK)}, "dead", print, senders=1)
delivery.pass_once(float(at), datetime.fromisoformat(now))
"""


def test_a_mail_sent_and_not_marked_goes_again_as_the_same_mail(store: Store) -> None:
    town = Town(store)
    town.house.secret = "k" * 32
    town.settle("ช่าง", None)
    pothole(town)
    box = Postbox()
    with smtp_server(box) as url:
        command = [sys.executable, "-c", VICTIM, store.url, url, town.now.isoformat(), str(T0)]
        assert subprocess.run(command, timeout=120).returncode == DIED
        assert len(box.mails) == 1
        gateway = EmailGateway(url, town.house, MARK)
        delivery = GatewayDelivery(store, {"email": gateway}, "w2", lambda *_: None)
        assert delivery.pass_once(T0 + 1, town.now) == 0
        delivery.pass_once(T0 + LEASE_S + 1, town.now)
        delivery.close()
    same = [mail for mail, to in zip(box.mails, box.to, strict=True) if to == box.to[0]]
    assert len({mail["Message-ID"] for mail in same}) == 1 and len(same) == 2
    bodies = {mail.get_body(("plain",)).get_content() for mail in same}  # type: ignore[union-attr]
    assert len(bodies) == 1
    assert all(row.state == RowState.DONE for row in outbox_rows(store) if row.channel == "email")
    assert HIGHWAY in box.to
