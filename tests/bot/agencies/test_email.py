"""Mails out: what arrives at a real SMTP server, and what its answers mean."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bot.agencies.email import EmailGateway, Server, composed
from handlers.ports import Sent
from handlers.services import gateway_delivery, mail_links
from handlers.services.gateway_delivery import GatewayDelivery
from store import Store
from store.queries.outbox import Letter
from store.words import RoleName, RowState
from tests.bot.agencies.kit import HIGHWAY, MARK, Postbox, letter_to, pothole, smtp_server
from tests.pipes import T0, outbox_rows
from tests.town import Town


@pytest.fixture
def town(store: Store) -> Town:
    town = Town(store)
    town.settle("ศูนย์", RoleName.COORDINATOR, agency="CENTER")
    pothole(town)
    return town


def test_a_mail_arrives_as_text_and_html_with_links_and_a_way_back(town: Town) -> None:
    box = Postbox()
    letter = letter_to(town)
    with smtp_server(box) as url:
        assert EmailGateway(url, town.house, MARK).send(letter).kind == Sent.OK
    (mail,) = box.mails
    assert box.to == [HIGHWAY] and mail["Message-ID"] == f"<{letter.retry_key}@city.example>"
    assert town.case().code in mail["Subject"] and "ฟ้าเลย" in str(mail["From"])
    assert mail["Auto-Submitted"] == "auto-generated" and mail["List-Unsubscribe"] is None
    word = mail_links.token(town.house, letter.messages[0]["reply"])
    assert f"saan+{word}@city.example" in mail["Reply-To"] and box.sender == [mail["Reply-To"]]
    accept = mail_links.token(town.house, letter.messages[0]["acts"][0]["nonce"])
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        assert f"https://saan.example/mail/{accept}" in body.get_content()
        assert "ถนนทรุดเป็นหลุมลึก" in body.get_content()


def test_every_try_makes_the_same_mail(town: Town) -> None:
    first, again = (composed(letter_to(town), town.house, MARK) for _ in range(2))
    assert first["Message-ID"] == again["Message-ID"]
    assert first.get_body(("plain",)).get_content() == again.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_words_of_a_citizen_cant_add_headers_or_tags(town: Town) -> None:
    letter = letter_to(town)
    letter.messages[0]["subject"] = "x\r\nBcc: everybody@example.org"
    letter.messages[0]["body"] = "<script>alert(1)</script>"
    made = composed(letter, town.house, MARK)
    assert made["Bcc"] is None
    assert "<script>" not in made.get_body(("html",)).get_content()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("answers", "kind", "detail"),
    [
        ({"refuse_rcpt": "550 no such user"}, Sent.REFUSED, "550 no such user"),
        ({"refuse_rcpt": "451 come back"}, Sent.NOT_SENT, "451 come back"),
        ({"refuse_data": ["552 too big"]}, Sent.REFUSED, "552 too big"),
        ({"refuse_data": ["421 busy"]}, Sent.NOT_SENT, "421 busy"),
    ],
)
def test_what_the_server_answers_decides(
    town: Town, answers: dict[str, Any], kind: Sent, detail: str
) -> None:
    with smtp_server(Postbox(**copy.deepcopy(answers))) as url:
        result = EmailGateway(url, town.house, MARK).send(letter_to(town))
    assert (result.kind, result.detail) == (kind, detail)


def test_nobody_listening_is_surely_not_sent(town: Town) -> None:
    assert EmailGateway("smtp://127.0.0.1:9", town.house, MARK).send(letter_to(town)).kind == Sent.NOT_SENT


def test_an_address_with_a_line_break_is_refused(town: Town) -> None:
    letter = letter_to(town)
    bad = Letter(
        1, "a@b.example\nBcc: x@y.example", letter.messages, None, None, False, "k", 1, None, "w", "email"
    )
    assert EmailGateway("smtp://127.0.0.1:9", town.house, MARK).send(bad).kind == Sent.REFUSED


def test_the_address_of_a_server_is_read_with_its_user() -> None:
    server = Server.of("smtps://me%40x:p%3Aw@mail.example")
    assert (server.host, server.port, server.user, server.password, server.tls) == (
        "mail.example",
        465,
        "me@x",
        "p:w",
        True,
    )


# --- through the outbox


def delivering(town: Town, url: str) -> GatewayDelivery:
    gateway = EmailGateway(url, town.house, MARK)
    return GatewayDelivery(town.store, {"email": gateway}, "w1", gateway_delivery.teller(town.house))


def highway_rows(town: Town) -> list[tuple[str, str]]:
    return [(row.state, row.reason) for row in outbox_rows(town.store) if row.agency == "HIGHWAY"]


def test_a_busy_server_is_tried_again_and_the_reason_is_seen(town: Town) -> None:
    box = Postbox(refuse_data=["421 busy"] * 2)
    with smtp_server(box) as url:
        delivery = delivering(town, url)
        delivery.pass_once(T0, town.now)
        states = {row.agency: (row.state, row.reason) for row in outbox_rows(town.store) if row.agency}
        assert set(states.values()) == {(RowState.WAITING, "421 busy")}
        delivery.pass_once(T0 + 3600, town.now)
        delivery.close()
    assert highway_rows(town) == [(RowState.DONE, "")]


def test_a_refused_mail_is_parked_and_the_coordinator_hears_it_once(town: Town) -> None:
    with smtp_server(Postbox(refuse_rcpt="550 no such user")) as url:
        delivery = delivering(town, url)
        for _ in range(3):
            delivery.pass_once(T0, town.now)
        delivery.close()
    assert highway_rows(town) == [(RowState.PARKED, "550 no such user")]
    told = [s.text for s in town._new() if s.to == town.line_id("ศูนย์") and "ให้แขวงทางหลวงทาง" in s.text]
    assert len(told) == 1 and "[เลือกหน่วยงาน]" in told[0]


def test_after_three_days_nobody_tries_any_more(town: Town) -> None:
    delivery = delivering(town, "smtp://127.0.0.1:9")
    delivery.pass_once(T0, town.now)
    delivery.pass_once(T0 + 71 * 3600, town.now)
    assert highway_rows(town)[0][0] == RowState.WAITING
    delivery.pass_once(T0 + 73 * 3600, town.now)
    delivery.close()
    assert highway_rows(town)[0][0] == RowState.PARKED and "72 hours" in highway_rows(town)[0][1]


def test_mails_about_one_case_keep_their_order(town: Town) -> None:
    town.follows_link(HIGHWAY, "รับเรื่อง")
    box = Postbox()
    with smtp_server(box) as url:
        delivery = delivering(town, url)
        delivery.pass_once(T0, town.now)
        assert [to for to in box.to if to == HIGHWAY] == [HIGHWAY]
        delivery.pass_once(T0 + 1, town.now)
        delivery.close()
    first, second = (mail for mail, to in zip(box.mails, box.to, strict=True) if to == HIGHWAY)
    assert second["In-Reply-To"] == first["Message-ID"]
