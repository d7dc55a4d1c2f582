"""Mails in, as real mail programs write them: our own examples of each kind."""

from __future__ import annotations

from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart

import pytest

from bot.agencies.mail_reading import read
from bot.agencies.quotes import own_words, plain
from tests.bot.agencies.kit import picture

WORD = "ab" * 20
KEY = "0f8fad5b-d9cb-469f-a165-70867728950e"


def raw(body: str = "รับเรื่อง", **headers: str) -> bytes:
    made = EmailMessage()
    for name, value in {"From": "A <a@agencies.example>", "Message-ID": "<1@x>", **headers}.items():
        made[name.replace("_", "-")] = value
    made.set_content(body)
    return made.as_bytes()


@pytest.mark.parametrize(
    "below",
    [
        "เมื่อ ศ. 20 พ.ย. 2026 เวลา 10:00 เมืองฟ้าเลย <saan@city.example> เขียนว่า:\n> เรื่องใหม่",
        "On Fri, Nov 20, 2026 at 10:00 AM City <saan@city.example> wrote:\n> new case",
        "On Fri, Nov 20, 2026 at 10:00 AM City of Fa Loei\n<saan@city.example> wrote:\n\n> new case",
        "-----Original Message-----\nFrom: City\nรับเรื่อง",
        "________________________________\nFrom: City\nSent: Friday",
        "From: City <saan@city.example>\nSent: Friday, November 20\nTo: A\nSubject: case\n\nรับเรื่อง",
        "จาก: เมืองฟ้าเลย\nส่งเมื่อ: วันศุกร์\nถึง: แขวง\nเรื่อง: ถนน",
        "> เรื่องใหม่\n> รับเรื่อง",
        "-- \nสมชาย\nแขวงทางหลวง",
        "ส่งจาก iPhone ของฉัน",
        "Sent from my Galaxy",
    ],
)
def test_what_stands_below_the_answer_is_cut_off(below: str) -> None:
    assert own_words(f"เสร็จแล้ว\nปะหลุมแล้ว\n\n{below}\n") == "เสร็จแล้ว\nปะหลุมแล้ว"


def test_an_answer_below_the_quote_is_found() -> None:
    assert own_words("On Friday City <a@b.c> wrote:\n> new case\n> more\n\nเสร็จแล้ว") == "เสร็จแล้ว"


def test_words_about_somebody_writing_are_not_taken_for_a_quote() -> None:
    text = "On Monday the team goes there and writes a report\nขอบคุณ"
    assert own_words(text) == text


def test_an_html_mail_is_read_without_its_quotes() -> None:
    page = (
        "<style>p{}</style><div dir=ltr>เสร็จแล้ว<br>เทยาง &amp; ตีเส้น</div>"
        '<div class="gmail_quote">On … wrote:<blockquote>รับเรื่อง<br></blockquote></div><p>ท้าย</p>'
    )
    assert plain(page).split() == ["เสร็จแล้ว", "เทยาง", "&", "ตีเส้น", "ท้าย"]


@pytest.mark.parametrize("charset", ["tis-620", "windows-874", "utf-8", "iso-8859-11", "nonsense"])
def test_thai_charsets_of_offices_are_read(charset: str) -> None:
    python = {"windows-874": "cp874", "nonsense": "cp874"}.get(charset, charset)
    head = f"From: a@b.example\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    assert read(head.encode() + "เสร็จแล้ว".encode(python), "1.1").text == "เสร็จแล้ว"


def test_the_word_of_the_address_and_the_mails_it_answers_are_found() -> None:
    mail = read(
        raw(To=f"City <saan+{WORD.upper()}@city.example>", In_Reply_To=f"<{KEY}@city.example>"), "1.1"
    )
    assert (mail.words, mail.refers, mail.sender) == ([WORD], [KEY], "a@agencies.example")


def test_nested_parts_give_their_text_and_their_photos() -> None:
    made = EmailMessage()
    made["From"] = "a@agencies.example"
    made.set_content("เสร็จแล้ว")
    made.add_alternative("<p>เสร็จแล้ว</p>", subtype="html")
    made.add_attachment(picture(), maintype="image", subtype="jpeg", filename="x.jpg")
    made.add_attachment(b"GIF89a tiny logo", maintype="image", subtype="gif")
    outer = MIMEMultipart("mixed")
    outer["From"] = "a@agencies.example"
    outer.attach(made)
    mail = read(outer.as_bytes(), "1.1")
    assert mail.text == "เสร็จแล้ว" and len(mail.pictures) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"List_Id": "<x.example>"},
        {"Subject": "ตอบกลับอัตโนมัติ: เรื่องใหม่"},
        {"Subject": "Out of Office: case"},
    ],
)
def test_machines_are_known(headers: dict[str, str]) -> None:
    assert read(raw(**headers), "1.1").automatic
    assert not read(raw(Auto_Submitted="no"), "1.1").automatic


def report(action: str) -> bytes:
    return f"""From: MAILER-DAEMON@mx.example
To: saan+{WORD}@city.example
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

could not be delivered
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user

--b
Content-Type: text/rfc822-headers

Message-ID: <{KEY}@city.example>

--b--
""".encode()


def test_a_bounce_tells_why_and_of_which_mail() -> None:
    mail = read(report("failed"), "1.1")
    assert mail.bounced == "smtp; 550 no such user" and mail.refers == [KEY] and mail.automatic


def test_a_delay_is_no_bounce_and_no_answer() -> None:
    mail = read(report("delayed"), "1.1")
    assert mail.bounced == "" and mail.automatic


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"From: =?x?q?\xe0?= <\r\nSubject: =?utf-8?b?!!!?=\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=\r\n\r\n--\r\n",
        b'Content-Type: text/plain; charset="\\"\r\n\r\n\xa1',
        b"Content-Transfer-Encoding: base64\r\n\r\n&&&",
        b"Content-Type: message/rfc822\r\n\r\n" * 40,
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 5000,
    ],
)
def test_broken_mails_are_read_as_far_as_they_go(content: bytes) -> None:
    mail = read(content, "1.1")
    assert mail.words == [] and mail.bounced == ""


def test_a_mail_without_an_id_is_named_by_its_place() -> None:
    assert read(b"From: a@b.example\r\n\r\nx", "1.1").id != read(b"From: a@b.example\r\n\r\nx", "1.2").id
    assert read(raw(), "1.1").id == read(raw(), "2.9").id
