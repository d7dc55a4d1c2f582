"""The page behind a link in a mail, and the mails kept beside the simulator."""

from __future__ import annotations

import io
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.app import create_app
from bot.bootstrap import Wiring
from bot.worker import parse
from handlers.services import mail_links
from handlers.services.intake import Intake
from store.models import Outbox
from store.queries import gateway_outbox
from tests.bot.agencies.kit import HIGHWAY, picture
from tests.installation import LINE, installed
from tests.town import Town


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    """A simulator with a case that the highways district was mailed about."""
    wiring = installed(tmp_path)
    town = Town(wiring.store, now=datetime.now(UTC))
    town.house = wiring.house
    town.settle("มี")
    town.says("มี", "ถนนทรุดเป็นหลุมลึก ทางหลวงหน้าวัดโพนชัย ต.น้ำหมาน")
    town.taps("มี", "ส่งเรื่อง")
    return wiring


@pytest.fixture
def client(wiring: Wiring) -> FlaskClient:
    return create_app(wiring).test_client()


def mail(wiring: Wiring) -> Outbox:
    with wiring.store.reading() as unit:
        return gateway_outbox.of_channel(unit, "email", HIGHWAY)[0]


def path(wiring: Wiring, label: str) -> str:
    acts = mail(wiring).messages[0]["acts"]
    nonce = next(act["nonce"] for act in acts if act["label"] == label)
    return f"/mail/{mail_links.token(wiring.house, nonce)}"


def status(wiring: Wiring) -> str:
    from handlers.services import reports

    with wiring.store.reading() as unit:
        return str(reports.cases(unit)[0]["status"])


def test_looking_changes_nothing_however_often(wiring: Wiring, client: FlaskClient) -> None:
    link = path(wiring, "รับเรื่อง")
    for _ in range(3):
        page = client.get(link)
        assert page.status_code == 200 and "ถนนทรุดเป็นหลุมลึก" in page.text and "ยืนยัน" in page.text
    assert client.head(link).status_code == 200 and status(wiring) == "offered"
    assert page.headers["Cache-Control"] == "no-store" and page.headers["Referrer-Policy"] == "no-referrer"


def test_the_button_works_once(wiring: Wiring, client: FlaskClient) -> None:
    link = path(wiring, "รับเรื่อง")
    assert "รับเรื่องแล้ว" in client.post(link).text and status(wiring) == "accepted"
    again = client.post(link)
    assert again.status_code == 410 and "ใช้ไปแล้ว" in again.text
    assert client.get(link).status_code == 410


def test_a_link_that_never_was_is_answered_kindly(client: FlaskClient) -> None:
    for answer in (client.get("/mail/" + "0" * 40), client.post("/mail/x"), client.get("/mail/%00")):
        assert answer.status_code == 404 and "ไม่พบ" in answer.text


def test_an_english_reader_is_answered_in_english(wiring: Wiring, client: FlaskClient) -> None:
    assert "Take this case" in client.get(path(wiring, "รับเรื่อง") + "?lang=en").text


def test_finishing_with_a_photo(wiring: Wiring, client: FlaskClient) -> None:
    client.post(path(wiring, "รับเรื่อง"))
    done = path(wiring, "เสร็จแล้ว")
    assert client.post(done, data={"text": ""}).status_code == 400
    bad = client.post(done, data={"photo": (io.BytesIO(b"no picture"), "x.jpg")})
    assert bad.status_code == 400 and "เปิดไฟล์รูปไม่ได้" in bad.text and status(wiring) == "accepted"
    huge = client.post(done, data={"photo": (io.BytesIO(b"x" * 21_000_000), "x.jpg")})
    assert huge.status_code == 413 and "ใหญ่เกินไป" in huge.text
    good = client.post(done, data={"photo": (io.BytesIO(picture()), "x.jpg")})
    assert good.status_code == 200 and status(wiring) == "done"
    case = client.get("/cases/" + re.search(r"LOE\d\d-\d+", good.text)[0])  # type: ignore[index]
    (small,) = set(re.findall(r"/media/\S+/small\.jpg", case.text))
    assert client.get(small).content_type == "image/jpeg"


def test_after_a_note_the_page_offers_the_next_step(wiring: Wiring, client: FlaskClient) -> None:
    client.post(path(wiring, "รับเรื่อง"))
    page = client.post(path(wiring, "แจ้งความคืบหน้า"), data={"text": "<b>กำลังปะ</b>"})
    links = re.findall(r'href="(/mail/[0-9a-f]{40})', page.text)
    assert len(links) == 4 and client.get(links[0]).status_code == 200


def test_a_newcomer_reads_and_answers_mails_beside_the_simulator(wiring: Wiring, client: FlaskClient) -> None:
    listing = client.get("/simulator/mail")
    assert HIGHWAY in listing.text
    row = mail(wiring)
    page = client.get(f"/simulator/mail/{row.id}")
    assert path(wiring, "รับเรื่อง") in page.text
    sent = client.post(f"/simulator/mail/{row.id}", data={"text": "รับเรื่องครับ"})
    assert sent.status_code == 302
    work = Intake(wiring.store, parse, wiring.decide, "w")
    assert work.run_once(time.time() + 1) == 1 and status(wiring) == "accepted"


def test_with_a_real_channel_there_is_no_such_page(tmp_path: Path) -> None:
    client = create_app(installed(tmp_path, **LINE)).test_client()
    assert client.get("/simulator/mail").status_code == 404


def test_mail_is_off_without_a_server_and_said_at_the_start(tmp_path: Path) -> None:
    wiring: Any = installed(tmp_path, **LINE)
    assert wiring.house.channels == frozenset() and set(wiring.gateways) == {"webhook"}
    assert any("e-mail is off" in remark for remark in wiring.settings.remarks())
