"""The public table of Traffy Fondue: read as it is, imported once, every bad row named."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.commands.common import Fault
from bot.commands.imports import BATCH, _judge, _store
from bot.traffy_table import BadRow, Ticket, tickets
from handlers.services import past, usual
from store.models import Case, Outbox, PastCase
from store.queries import learning
from store.traffy_words import traffy_words
from tests.installation import installed
from tests.town import Town

COLUMNS = (
    "ticket_id,type,organization,comment,photo,photo_after,coords,address,subdistrict,district,province,"
    "timestamp,state,star,count_reopen,last_activity"
).split(",")
ROW = {
    "ticket_id": "2023-AAAAAA",
    "type": "{ถนน,ทางเท้า}",
    "organization": "เขตตัวอย่าง,ฝ่ายโยธา",
    "comment": "ฝาท่อหน้าบ้าน\nโทร 081-234-5678",
    "coords": "101.7388,17.4314",
    "timestamp": "2023-05-01 03:10:22.55+00",
    "state": "เสร็จสิ้น",
    "star": "4",
    "count_reopen": "0",
    "last_activity": "2023-05-03 08:00:00+00",
}


def table(folder: Path, *rows: dict[str, str], start: str = "", end: str = "\n") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator=end)
    writer.writeheader()
    writer.writerows({**ROW, **row} for row in rows)
    path = folder / "traffy.csv"
    path.write_bytes((start + out.getvalue()).encode())
    return str(path)


def one(path: str) -> Ticket:
    ((_, found),) = tickets(path)
    assert isinstance(found, Ticket), found
    return found


def bring_in(town: Town, folder: Path, path: str) -> dict[tuple[str, str], int]:
    """As the command does it, on the database of the town."""
    wiring = installed(folder)
    wiring.__dict__["store"] = town.store
    with town.store.reading() as unit:
        book = town.house.book(unit)
    words = past.words_of(book, traffy_words().types, traffy_words().states)
    counted = _store(wiring, path, book, words)
    with town.store.writing() as unit:
        usual.compute_past(unit)
    return counted


@pytest.mark.parametrize(("start", "end"), [("", "\n"), ("\ufeff", "\r\n")])
def test_a_row_is_read_as_the_documents_say(tmp_path: Path, start: str, end: str) -> None:
    found = one(table(tmp_path, {}, start=start, end=end))
    assert found.types == ("ถนน", "ทางเท้า") and (found.lat, found.lon) == (17.4314, 101.7388)
    assert found.opened == datetime(2023, 5, 1, 3, 10, 22, 550000, UTC)
    assert found.moved == datetime(2023, 5, 3, 8, tzinfo=UTC) and (found.stars, found.reopened) == (4, 0)
    assert found.text.startswith("ฝาท่อหน้าบ้าน")


def test_json_lines_are_read_the_same(tmp_path: Path) -> None:
    path = tmp_path / "traffy.jsonl"
    path.write_text(json.dumps({**ROW, "type": ["ถนน"], "coords": [101.7388, 17.4314], "star": 4}) + "\n")
    assert one(str(path)).types == ("ถนน",) and one(str(path)).lat == 17.4314


@pytest.mark.parametrize(
    ("told", "year"),
    [("2567-02-29 10:00:00", 2024), ("๒๕๖๖-05-01T10:00:00+07:00", 2023), ("2023-05-01", 2023)],
)
def test_buddhist_years_and_thai_digits_are_understood(tmp_path: Path, told: str, year: int) -> None:
    assert one(table(tmp_path, {"timestamp": told, "last_activity": ""})).opened.year == year


BAD = [
    ({"ticket_id": ""}, "ticket_id"),
    ({"timestamp": ""}, "timestamp is empty"),
    ({"timestamp": "yesterday"}, "timestamp is not a time"),
    ({"timestamp": "2023-02-30 00:00:00"}, "timestamp is not a time"),
    ({"timestamp": "1800-01-01 00:00:00"}, "the year 1800"),
    ({"last_activity": "01/05/2566"}, "last_activity is not a time"),
    ({"coords": "17.4314,101.7388"}, "longitude,latitude"),
    ({"coords": "nan,nan"}, "longitude,latitude"),
    ({"coords": "here"}, "two numbers"),
    ({"star": "9"}, "star"),
    ({"count_reopen": "-1"}, "count_reopen"),
]


@pytest.mark.parametrize(("cells", "words"), BAD)
def test_a_bad_row_is_named_by_its_line(tmp_path: Path, cells: dict[str, str], words: str) -> None:
    path = table(tmp_path, {}, {"ticket_id": "B", **cells})
    number, found = list(tickets(path))[1]
    assert isinstance(found, BadRow) and words in str(found)
    assert number == 4, "the first row has a line break in its words"
    with pytest.raises(Fault, match="line 4"):
        _judge(path, skip=False)
    assert _judge(path, skip=True) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"\x00\x01",
        b"\xff\xfe",
        b"a,b\n1,2\n",
        b"[" * 100_000,
        b"{}{\n",
        b'ticket_id,type,comment,timestamp,state\n"',
    ],
)
def test_what_is_no_such_table_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(Fault) as refused:
        _judge(str(path), skip=True)
    assert "\n" not in str(refused.value)


def test_the_past_is_kept_once_masked_and_is_nobodys_case(store: object, tmp_path: Path) -> None:
    town = Town(store)  # type: ignore[arg-type]
    path = table(
        tmp_path, {}, {"ticket_id": "B", "type": "{ความสะอาด,ร้องเรียน}"}, {"ticket_id": "C", "type": "{ใหม่}"}
    )
    first = bring_in(town, tmp_path, path)
    again = bring_in(town, tmp_path, path)
    assert (first["new", ""], again["new", ""], first["unknown", "ใหม่"]) == (3, 0, 1)
    with town.store.reading() as unit:
        rows = {row.ticket: row for row in unit.session.scalars(select(PastCase))}
        assert unit.session.scalars(select(Case)).first() is None
        assert unit.session.scalars(select(Outbox)).first() is None
        assert learning.past_rows(unit, 10) == [(rows["B"].text, "waste")]
    assert (rows["2023-AAAAAA"].category, rows["2023-AAAAAA"].clear) == ("road", False)
    assert (rows["C"].category, rows["C"].clear, rows["C"].state) == (None, False, "done")
    assert "5678" not in rows["B"].text and rows["B"].area is not None


def test_a_ticket_that_moved_on_is_brought_up_to_date(store: object, tmp_path: Path) -> None:
    town = Town(store)  # type: ignore[arg-type]
    bring_in(town, tmp_path, table(tmp_path, {"state": "รอรับเรื่อง"}))
    bring_in(town, tmp_path, table(tmp_path, {}, {"comment": "ครั้งที่สอง"}))
    with town.store.reading() as unit:
        (row,) = unit.session.scalars(select(PastCase))
    assert (row.state, row.text) == ("done", "ครั้งที่สอง")


def test_a_citizen_is_told_how_long_it_usually_took(store: object, tmp_path: Path) -> None:
    town = Town(store)  # type: ignore[arg-type]
    rows = [
        {"ticket_id": f"T{n}", "type": "{แสงสว่าง}", "last_activity": f"2023-05-{2 + n % 9:02d} 03:10:22+00"}
        for n in range(BATCH + 1)
    ]
    bring_in(town, tmp_path, table(tmp_path, *rows))
    town.settle("ยายสี")
    town.says("ยายสี", "ไฟทางดับหน้าวัดโพนงาม มืดมาก")
    assert any("ที่ผ่านมามักใช้เวลา · 3–7 วัน" in seen.text for seen in town.taps("ยายสี", "ส่งเรื่อง"))
