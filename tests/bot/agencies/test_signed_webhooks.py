"""Signed webhooks, checked as a receiver checks them."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, Response, request

from bot.agencies.webhook import AddressRefused, WebhookGateway, check, public
from handlers.ports import Sent
from handlers.services import webhooks
from handlers.services.gateway_delivery import GatewayDelivery
from handlers.services.webhooks import DISABLED, EVENTS
from store import Store
from store.models import Webhook
from store.words import RowState
from tests.bot.agencies.kit import letter_to
from tests.bot.line.serving import served
from tests.pipes import T0, outbox_rows
from tests.town import Town


@dataclass
class Receiver:
    """Somebody else's system: verifies, and answers as told."""

    secret: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    bad: int = 0
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def app(self) -> Flask:
        app = Flask("receiver")

        @app.post("/hook")
        def hook() -> Response:
            body, stamp = request.get_data(), request.headers["Saan-Timestamp"]
            wanted = hmac.new(self.secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
            if not hmac.compare_digest(request.headers["Saan-Signature"], f"v1={wanted}"):
                self.bad += 1
            self.ids.append(request.headers["Saan-Id"])
            self.events.append(json.loads(body))
            code = self.answers.pop(0) if self.answers else 204
            return Response("", code, self.headers)

        return app


@dataclass
class Scene:
    town: Town
    receiver: Receiver
    url: str

    def subscribe(self, events: list[str] | None = None, **more: Any) -> Webhook:
        with self.town.store.writing() as unit:
            hook, self.receiver.secret = webhooks.add(
                unit,
                self.town.house,
                self.town.now,
                self.url,
                events or list(EVENTS.values()),
                more.get("network"),
                more.get("agency"),
            )
        return hook

    def report(self) -> None:
        self.town.settle("มี")
        answer = self.town.says("มี", "ไฟทางดับหน้าวัดโพนงาม โทร 081-234-5678")
        if any(label == "ไม่ใช่ คนละเรื่อง" for seen in answer for label, _ in seen.buttons):
            self.town.taps("มี", "ไม่ใช่ คนละเรื่อง")
        self.town.taps("มี", "ส่งเรื่อง")

    def deliver(self, at: float = T0, passes: int = 6) -> None:
        gateway = WebhookGateway(self.town.store, self.town.house, private=True, clock=lambda: at)
        delivery = GatewayDelivery(self.town.store, {"webhook": gateway}, "w", lambda *_: None)
        for number in range(passes):
            delivery.pass_once(at + number / 10, self.town.now)
        delivery.close()

    def rows(self) -> list[Any]:
        return [row for row in outbox_rows(self.town.store) if row.channel == "webhook"]


@pytest.fixture
def scene(store: Store) -> Any:
    receiver = Receiver()
    with served(receiver.app()) as address:
        yield Scene(Town(store), receiver, f"{address}/hook")


def test_a_case_is_told_in_order_signed_and_masked_l4(scene: Scene) -> None:
    scene.subscribe()
    scene.report()
    scene.deliver()
    assert [event["event"] for event in scene.receiver.events] == ["opened", "offered"]
    assert scene.receiver.bad == 0
    opened = scene.receiver.events[0]
    assert opened["case"]["code"] == scene.town.case().code and opened["id"] == scene.receiver.ids[0]
    assert "081-234" not in json.dumps(scene.receiver.events, ensure_ascii=False)
    assert all(row.state == RowState.DONE for row in scene.rows())


def test_a_retry_has_the_same_id_and_body(scene: Scene) -> None:
    scene.subscribe(["opened"])
    scene.report()
    scene.receiver.answers = [500]
    scene.deliver()
    assert scene.rows()[0].reason == "answered 500"
    scene.deliver(T0 + 60)
    first, again = scene.receiver.events
    assert first == again and len(set(scene.receiver.ids)) == 1 and scene.receiver.bad == 0


def test_only_what_was_asked_for_is_told(scene: Scene) -> None:
    scene.subscribe(["done"])
    scene.subscribe(["opened", "offered"], agency="POLICE")
    scene.subscribe(["opened"], network="NO-SUCH")
    scene.report()
    assert scene.rows() == []


def test_the_receiver_may_ask_for_patience(scene: Scene) -> None:
    scene.subscribe(["opened"])
    scene.report()
    scene.receiver.answers, scene.receiver.headers = [429], {"Retry-After": "600"}
    hook = letter_to(scene.town, "webhook:1", "webhook")
    result = WebhookGateway(scene.town.store, scene.town.house, private=True).send(hook)
    assert result.kind == Sent.RATE and result.retry_at is not None


def test_after_a_day_an_event_is_parked_and_after_three_the_webhook_is_off_and_says_so(scene: Scene) -> None:
    scene.subscribe(["opened", "offered"])
    scene.report()
    scene.receiver.answers = [500] * 50
    for hours in (0, 12, 25, 26, 73):
        scene.deliver(T0 + hours * 3600, passes=1)
    assert "24 hours" in scene.rows()[0].reason
    with scene.town.store.reading() as unit:
        hook = unit.get(Webhook, 1)
    assert hook is not None and hook.state == "disabled" and DISABLED in hook.reason
    assert all(row.state == RowState.PARKED for row in scene.rows())
    scene.report()
    assert len(scene.rows()) == 2


def test_an_answer_in_between_forgets_the_failures(scene: Scene) -> None:
    hook = scene.subscribe(["opened"])
    scene.report()
    scene.receiver.answers = [500]
    scene.deliver()
    scene.deliver(T0 + 3600)
    with scene.town.store.reading() as unit:
        found = unit.get(Webhook, hook.id)
    assert found is not None and found.failing_since is None


def test_gone_means_never_again_and_a_redirect_is_not_followed(scene: Scene) -> None:
    scene.subscribe(["opened"])
    scene.report()
    scene.receiver.answers, scene.receiver.headers = [302], {"Location": "/hook"}
    letter = letter_to(scene.town, "webhook:1", "webhook")
    gateway = WebhookGateway(scene.town.store, scene.town.house, private=True)
    assert gateway.send(letter).detail == "answered 302" and len(scene.receiver.events) == 1
    scene.receiver.answers = [410]
    assert gateway.send(letter).kind == Sent.REFUSED


def test_the_secret_is_derived_and_never_kept(scene: Scene) -> None:
    hook = scene.subscribe()
    assert scene.receiver.secret == webhooks.secret(scene.town.house, hook)
    assert scene.receiver.secret not in str(vars(hook))


# --- where they may go


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://127.0.0.1/",
        "https://10.0.0.8/x",
        "https://169.254.169.254/latest",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://user:pass@example.org/",
        "https:///x",
        "ftp://example.org",
        "https://example.org:99999/",
        "file:///etc/passwd",
    ],
)
def test_addresses_inside_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        check(url, private=False)


def test_public_addresses_are_allowed() -> None:
    check("https://hooks.example.org:8443/a?b=c", private=False)
    assert public("93.184.216.34") and public("2606:2800:220:1::1")
    assert not any(public(a) for a in ("0.0.0.0", "192.168.1.1", "100.64.0.1", "fe80::1", "224.0.0.1"))


def test_a_name_that_leads_inside_is_never_called(scene: Scene) -> None:
    scene.url = scene.url.replace("http://127.0.0.1", "https://inside.example.org")
    scene.subscribe(["opened"])
    scene.report()
    gateway = WebhookGateway(
        scene.town.store, scene.town.house, resolve=lambda _h, _p: ["93.184.216.34", "127.0.0.1"]
    )
    result = gateway.send(letter_to(scene.town, "webhook:1", "webhook"))
    assert (result.kind, result.detail) == (Sent.NOT_SENT, "leads into a private network")
    assert scene.receiver.events == []
