"""The page of a network draws who works with whom, and nobody can be recognised in it."""

from __future__ import annotations

import re
from pathlib import Path

from bot.app import create_app
from tests.installation import LINE, installed
from tests.town import Town


def test_the_picture_names_agencies_and_no_citizen_of_a_small_network(tmp_path: Path) -> None:
    wiring = installed(tmp_path, **LINE)
    town = Town(wiring.store)
    town.settle("แก้ว")
    for text in ("ถนนเป็นหลุมใหญ่หน้าวัดโพนงาม", "ร้านค้าตั้งของขวางทางเท้าหน้าวัดโพนงาม"):
        town.says("แก้ว", text)
        town.taps("แก้ว", "ส่งเรื่อง")
    wiring.house.clock = lambda: town.now.timestamp()
    client = create_app(wiring).test_client()
    page = client.get("/networks/ROADS").text
    assert "<title id=" in page and "<desc id=" in page and "กองช่าง" in page
    assert "ชาวนาอาน" not in page and not re.search(r"person:\d", page)
    assert page == client.get("/networks/ROADS").text, "the picture looks the same each time"
    assert "Who works with whom" in client.get("/networks/ROADS?lang=en").text
    assert client.get("/networks/SAFE").text.count('class="net"') == 0


def test_lessons_can_be_searched_by_anybody_l18(tmp_path: Path) -> None:
    wiring = installed(tmp_path, **LINE)
    town = Town(wiring.store)
    wiring.house.clock = lambda: town.now.timestamp()
    page = create_app(wiring).test_client().get("/lessons?q=<b>x").text
    assert "&lt;b&gt;x" in page and "<b>x" not in page
