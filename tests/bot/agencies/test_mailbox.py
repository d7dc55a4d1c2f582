"""Answers by mail, from the mailbox to the case."""

from __future__ import annotations

import time
from email.message import EmailMessage

import pytest

from bot.agencies.mail_intake import MailIntake, parse
from bot.agencies.mailbox import Mailbox
from bot.media_store import MediaStore
from handlers import dispatch
from handlers.services import mail_links
from handlers.services.intake import Intake
from store import Store
from store.words import RoleName, RowState
from tests.bot.agencies.imap import Box, imap_server
from tests.bot.agencies.kit import HIGHWAY, MARK, letter_to, picture, pothole
from tests.pipes import inbox_rows
from tests.town import Town


@pytest.fixture
def town(store: Store) -> Town:
    town = Town(store)
    town.settle("ศูนย์", RoleName.COORDINATOR, agency="CENTER")
    pothole(town)
    return town


@pytest.fixture
def media(tmp_path_factory: pytest.TempPathFactory) -> MediaStore:
    return MediaStore(str(tmp_path_factory.mktemp("media")))


def answer(town: Town, text: str, number: str = "1", sender: str = HIGHWAY, photo: bytes = b"") -> bytes:
    """What the agency's mail program makes of an answer to our newest mail."""
    word = mail_links.token(town.house, letter_to(town).messages[0]["reply"])
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, MARK.reply_to(word), "Re: case"
    made["Message-ID"] = f"<answer-{number}@agencies.example>"
    made.set_content(text)
    if photo:
        made.add_attachment(photo, maintype="image", subtype="jpeg", filename="after.jpg")
    return made.as_bytes().replace(b"\n", b"\r\n")


def intake(town: Town, media: MediaStore, url: str, most: int = 10**7) -> MailIntake:
    return MailIntake(town.store, Mailbox(url, most), media, town.house, "w1", town.now.timestamp)


def decide(town: Town) -> int:
    """Whatever waits in the inbox, by the real dispatcher."""
    work = Intake(
        town.store, parse, lambda unit, i, now, n: dispatch.decide(town.house, unit, i, now, n), "w1"
    )
    return work.run_once(time.time() + 10**8)


def test_an_answer_is_taken_once_decided_and_marked_as_read(town: Town, media: MediaStore) -> None:
    box = Box()
    number = box.put(answer(town, "รับเรื่องครับ\n\nเมื่อ วันศุกร์ เมืองฟ้าเลย เขียนว่า:\n> เรื่องใหม่"))
    with imap_server(box) as url:
        assert intake(town, media, url).pass_once() == 1
        assert box.seen == {number} and intake(town, media, url).pass_once() == 0
    assert decide(town) == 1
    assert town.case().status == "accepted"
    (row,) = inbox_rows(town.store)
    assert (row.state, row.raw) == (RowState.DONE, None)


def test_a_photo_of_the_result_is_kept_without_what_it_tells_of_the_camera(
    town: Town, media: MediaStore
) -> None:
    box = Box()
    box.put(answer(town, "เสร็จแล้ว ปะหลุมแล้ว", photo=picture()))
    with imap_server(box) as url:
        intake(town, media, url).pass_once()
    decide(town)
    (photo,) = town.case().photos
    full = media.read(photo.token, "full")
    assert town.case().status == "done" and photo.role == "after"
    assert full is not None and b"secret camera" not in full


def test_killed_before_it_is_marked_the_same_mail_is_decided_once(town: Town, media: MediaStore) -> None:
    box = Box(broken="STORE")
    box.put(answer(town, "พรุ่งนี้เข้าซ่อมครับ"))
    with imap_server(box) as url:
        intake(town, media, url).pass_once()
        box.broken = ""
        box.validity, box.mails = 7, {9: box.mails[1]}  # the server numbers anew meanwhile
        intake(town, media, url).pass_once()
    decide(town)
    decide(town)
    assert len(inbox_rows(town.store)) == 1
    assert [row.kind for row in town.case().history].count("progress") == 1


def test_a_strangers_pictures_are_not_even_kept(town: Town, media: MediaStore) -> None:
    box = Box()
    box.put(answer(town, "เสร็จแล้ว ดูรูป", sender="x@elsewhere.example", photo=picture()))
    with imap_server(box) as url:
        intake(town, media, url).pass_once()
    decide(town)
    assert town.case().photos == [] and town.case().status == "offered"


def test_a_huge_mail_is_not_loaded_and_a_person_is_told(town: Town, media: MediaStore) -> None:
    box = Box()
    box.put(answer(town, "เสร็จแล้ว " + "ก" * 50_000))
    with imap_server(box) as url:
        assert intake(town, media, url, most=10_000).pass_once() == 1
    assert not any("BODY.PEEK[])" in line for line in box.log)
    decide(town)
    assert town.case().status == "offered"
    assert [s for s in town._new() if s.to == town.line_id("ศูนย์")]


@pytest.mark.parametrize("broken", ["LOGIN", "SELECT", "SEARCH", "FETCH"])
def test_a_mailbox_that_breaks_off_loses_nothing(town: Town, media: MediaStore, broken: str) -> None:
    box = Box(broken=broken)
    box.put(answer(town, "รับเรื่อง"))
    with imap_server(box) as url:
        assert intake(town, media, url).pass_once() == 0
        box.broken = ""
        assert intake(town, media, url).pass_once() == 1


def test_a_wrong_password_is_said_without_the_password(
    town: Town, media: MediaStore, caplog: pytest.LogCaptureFixture
) -> None:
    with imap_server(Box(password="other")) as url:
        assert intake(town, media, url.replace("other", "secret")).pass_once() == 0
    assert "can't be opened" in caplog.text and "secret" not in caplog.text
