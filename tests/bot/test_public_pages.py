"""Public pages: masked words, no private talk, both languages, nothing that a strict browser would refuse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from bot.app import create_app
from bot.web.public import texts
from store import Store
from store.words import RoleName
from tests.installation import LINE, installed
from tests.town import CODE, Town, words

PHONE = "081-234-5678"
SERVED = [
    *(f"/static/{name}" for name in ("public.css", "pages.css", "map.js", "icon.svg", "weave.svg")),
    *(f"/static/map/{name}" for name in ("leaflet.js", "leaflet.css", "leaflet.markercluster.js")),
]
SCRIPT = "<script>alert(1)</script>"


class Pages:
    """The demo city in which a report was made, asked about and answered."""

    def __init__(self, folder: Path) -> None:
        wiring = installed(folder, **LINE)
        self.town = Town(wiring.store)
        self.code = self._report()
        wiring.house.clock = lambda: self.town.now.timestamp()
        self.client: FlaskClient = create_app(wiring).test_client()
        self.store: Store = wiring.store

    def _report(self) -> str:
        town = self.town
        town.settle("สมชาย", RoleName.OFFICIAL, agency="WORKS")
        town.settle("ยายสี")
        town.says("ยายสี", f"ไฟทางดับหน้าวัดโพนงาม มืดมาก โทร {PHONE} {SCRIPT}")
        town.taps("ยายสี", "ส่งเรื่อง")
        code = CODE.search(words(town.seen))
        assert code is not None
        town.taps("สมชาย", "ถามผู้แจ้ง")
        town.says("สมชาย", "บ้านเลขที่เท่าไรครับ")
        town.says("ยายสี", "อยู่ข้างบ้านลับเฉพาะ")
        town.settle("ตาคำ")
        town.says("ตาคำ", "มีคนขายยาบ้าให้เด็กวัยรุ่นที่บ้านร้างท้ายซอยดอกคูน หมู่ 4")
        town.taps_data("ตาคำ", "do=report.confirm")
        self.secret = town.case().code
        return code.group()

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.text


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(tmp_path_factory.mktemp("pages"))


def test_a_case_shows_the_problem_and_hides_the_people(pages: Pages) -> None:
    page = pages.get(f"/cases/{pages.code}")
    assert "ไฟทางดับหน้าวัดโพนงาม" in page and "กองช่าง" in page
    assert PHONE not in page and "5678" not in page
    assert "ลับเฉพาะ" not in page and "บ้านเลขที่เท่าไร" not in page


def test_a_private_matter_shows_how_it_stands_and_nothing_of_what_was_said(pages: Pages) -> None:
    page = pages.get(f"/cases/{pages.secret}")
    assert "เรื่องส่วนตัวของผู้แจ้ง" in page
    assert "ดอกคูน" not in page and "บ้านร้าง" not in page and "/media/" not in page


def test_words_of_citizens_are_never_markup(pages: Pages) -> None:
    assert SCRIPT not in pages.get(f"/cases/{pages.code}")


def test_a_code_is_found_however_it_is_typed(pages: Pages) -> None:
    assert pages.code in pages.get(f"/cases/{pages.code.lower()}")
    assert pages.client.get("/cases/LOE69-9999").status_code == 404
    assert pages.client.get("/cases/%00").status_code == 404


def test_the_landing_page_counts_open_cases(pages: Pages) -> None:
    page = pages.get("/?lang=en")
    assert re.search(r"Being worked on</a></dt><dd>2</dd>", page)
    assert "/networks/ROADS?lang=en" in page and "/simulator" not in page


def test_a_network_shows_its_goal_and_figures(pages: Pages) -> None:
    page = pages.get("/networks/ROADS?lang=en")
    assert "Everyone gets home safely" in page and "New in 30 days</dt><dd>1</dd>" in page
    assert pages.client.get("/networks/NOPE").status_code == 404


def test_privacy_says_what_is_kept_and_whom_to_ask(pages: Pages) -> None:
    assert "privacy@faloei.example" in pages.get("/privacy")
    assert "Data protection officer" in pages.get("/privacy?lang=en")


@pytest.mark.parametrize(
    "path", ["/", "/privacy", "/cases", "/networks", "/networks/ROADS", "/lessons", "case"]
)
@pytest.mark.parametrize("lang", ["th", "en"])
def test_pages_keep_to_their_own_strict_policy(pages: Pages, path: str, lang: str) -> None:
    page = pages.get((f"/cases/{pages.code}" if path == "case" else path) + f"?lang={lang}")
    assert f'<html lang="{lang}">' in page
    assert not re.search(r"<script[^>]*>[^<]", page) and "style=" not in page and "<style" not in page
    assert not re.search(r"\son[a-z]+=", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


@pytest.mark.parametrize("path", SERVED)
def test_what_pages_refer_to_is_there(pages: Pages, path: str) -> None:
    assert pages.client.get(path).status_code == 200


def test_both_languages_have_the_same_words_with_the_same_blanks() -> None:
    def shape(lang: str) -> dict[str, list[str]]:
        return {
            f"{section}.{name}": sorted(re.findall(r"{(\w+)}", text))
            for section, named in texts(lang).items()
            for name, text in named.items()
        }

    assert shape("th") == shape("en")
