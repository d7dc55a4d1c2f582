"""Tables, feeds and figures for everybody: complete, masked, and readable by other people's programs."""

from __future__ import annotations

import csv
import io
import itertools
import json
import tracemalloc
from datetime import datetime, timedelta
from xml.etree import ElementTree

import jsonschema
import pytest
from sqlalchemy import insert

from bot.web.opendata import exports
from bot.web.opendata.fields import ALWAYS, FIELDS, Writer
from bot.web.opendata.texts import texts
from handlers.services import open_cases
from store.models import Case
from store.queries.open_cases import Wanted
from store.words import Status
from tests.bot.open311.kit import City
from tests.town import BANGKOK

ATOM = "{http://www.w3.org/2005/Atom}"


def table(city: City, path: str = "/open-data/cases.csv") -> list[dict[str, str]]:
    answer = city.client.get(path)
    assert answer.status_code == 200 and answer.content_type == "text/csv; charset=utf-8"
    assert answer.data.startswith("\ufeff".encode()), "Excel reads UTF-8 only with its mark"
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_table_json_and_map_hold_the_same_cases(city: City) -> None:
    codes = [city.report(), city.report(service_code="waste", description="ขยะล้นถัง")]
    rows = table(city)
    assert [row["code"] for row in rows] == codes and list(rows[0]) == list(FIELDS)
    whole = city.client.get("/open-data/cases.json").json
    assert [case["code"] for case in whole["cases"]] == codes and whole["licence"] == "CC BY 4.0"
    shown = city.client.get("/open-data/cases.geojson").json
    assert shown["type"] == "FeatureCollection" and [f["id"] for f in shown["features"]] == codes
    assert shown["features"][0]["geometry"] == {"type": "Point", "coordinates": [101.7271, 17.4883]}
    for case in whole["cases"]:
        assert all(case[name] is not None for name in ALWAYS)


def test_an_empty_city_gives_empty_tables(city: City) -> None:
    assert table(city) == []
    assert city.client.get("/open-data/cases.json").json["cases"] == []
    assert city.client.get("/open-data/cases.geojson").json["features"] == []
    assert "ยังไม่มีเรื่อง" in city.client.get("/open-data").text


def test_nobody_is_named_and_harmful_matters_are_left_out_l21(city: City) -> None:
    city.chat("ถนนเป็นหลุมลึกหน้าวัดโพนงาม โทร 081-234-5678 บัตร 1101700230708")
    city.report(service_code="corruption", description="เจ้าหน้าที่เรียกเงิน", first_name="สมศรี")
    land = city.report(service_code="land", description="เพื่อนบ้านชื่อสมปองรุกที่")
    for form in ("csv", "json", "geojson"):
        text = city.client.get(f"/open-data/cases.{form}").text
        for secret in ("081-234", "5678", "1101700230708", "เรียกเงิน", "สมศรี", "สมปอง", "ยายสี"):
            assert secret not in text
        assert "corruption" not in text
    (row,) = [row for row in table(city) if row["code"] == land]
    assert (row["text"], row["place"], row["url"]) == ("", "", "")
    assert (row["lat"], row["lon"]) == ("17.488", "101.727"), "to about 100 metres"


def test_danger_to_a_life_is_no_reading_matter(city: City) -> None:
    city.chat("ช่วยด้วย เด็กตกน้ำที่คลองหลังวัดโพนงาม กำลังจมน้ำ")
    case = city.town.case()
    assert case.emergency is not None
    assert "เด็กตกน้ำ" not in city.client.get("/open-data/cases.json").text


def test_a_month_ends_at_the_citys_midnight(city: City) -> None:
    city.town.now = datetime(2026, 11, 30, 23, 59, tzinfo=BANGKOK)
    november = city.report()
    city.town.now = datetime(2026, 12, 1, 0, 1, tzinfo=BANGKOK)
    december = city.report()
    assert [r["code"] for r in table(city, "/open-data/cases.csv?month=2026-11")] == [november]
    assert [r["code"] for r in table(city, "/open-data/cases.csv?month=2026-12")] == [december]
    page = city.client.get("/open-data").text
    assert "cases.csv?month=2026-12" in page and "cases.csv?month=2026-11" in page
    for month in ("2026-13", "november", "2026-1", "0000-01"):
        assert city.client.get("/open-data/cases.csv", query_string={"month": month}).status_code == 404


def test_cells_are_not_run_by_a_spreadsheet(city: City) -> None:
    city.report(description="=HYPERLINK(1)")
    assert table(city)[0]["text"].startswith("'=")


def test_the_dictionary_explains_every_field(city: City) -> None:
    told = city.client.get("/open-data/dictionary.json").json
    assert [field["name"] for field in told["fields"]] == list(FIELDS)
    assert all(field["description"] and field["description_en"] for field in told["fields"])
    assert set(texts("th")["fields"]) == set(texts("en")["fields"]) == set(FIELDS)


def test_chunks_miss_nothing_and_double_nothing(city: City) -> None:
    """Several cases were opened at one instant, and a page ends among them."""
    same = city.town.now
    _many(city, 4500, lambda n: same + timedelta(minutes=n // 1500))
    codes = [case.code for case in open_cases.everything(city.wiring.store, Wanted())]
    assert len(codes) == len(set(codes)) == 4500


def _many(city: City, count: int, when: object) -> None:
    rows = [
        {
            "id": n + 1,
            "code": f"LOE69-{n:05d}",
            "status": Status.CLOSED,
            "category": "road",
            "text": "ถนนเป็นหลุม",
            "public_text": "ถนนเป็นหลุม",
            "opened_at": when(n),  # type: ignore[operator]
            "changed_at": when(n),  # type: ignore[operator]
            "lat": 17.48,
            "lon": 101.72,
        }
        for n in range(count)
    ]
    with city.wiring.store.writing() as unit:
        for start in range(0, count, 1000):
            unit.session.execute(insert(Case), rows[start : start + 1000])


@pytest.mark.slow
def test_memory_stays_the_same_however_long_the_table_is(city: City) -> None:
    start = city.town.now
    _many(city, 6_000, lambda n: start + timedelta(seconds=n))
    with city.wiring.store.reading() as unit:
        writer = Writer(city.wiring.house.book(unit), "https://saan.example")

    def peak(wanted: Wanted) -> int:
        tracemalloc.start()
        for _ in exports.written(city.wiring.store, writer, wanted, "json", start):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    few = peak(Wanted(opened_until=start + timedelta(seconds=2000)))
    assert peak(Wanted()) < 1.3 * few


def test_all_figures_of_the_frame_can_be_counted_again(city: City) -> None:
    city.report()
    city.works()
    city.report(service_code="waste", description="ขยะล้นถัง")
    picture = city.client.get("/embed/figures.svg?lang=en")
    root = ElementTree.fromstring(picture.data)
    said = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    rows = table(city)
    open_now = sum(row["status"] in ("offered", "accepted", "in_progress") for row in rows)
    assert said[1] == str(open_now) == "1" and said[3] == "1" and said[5] == str(len(rows))
    page = city.client.get("/embed/figures?lang=en").text
    assert "<dt>Fixed</dt><dd>1</dd>" in page


def test_only_the_embedded_page_may_stand_in_a_frame(city: City) -> None:
    for path in ("/embed/figures", "/embed/figures.svg"):
        headers = city.client.get(path).headers
        assert "frame-ancestors *" in headers["Content-Security-Policy"] and "X-Frame-Options" not in headers
        assert "script-src" not in headers["Content-Security-Policy"]
    for path in ("/open-data", "/api", "/", "/open-data/cases.csv"):
        headers = city.client.get(path).headers
        assert (
            "frame-ancestors 'none'" in headers["Content-Security-Policy"]
            or headers["X-Frame-Options"] == "DENY"
        )
        assert headers["X-Frame-Options"] == "DENY"


def test_pages_keep_to_their_strict_policy_in_both_languages(city: City) -> None:
    city.report()
    for path, lang in itertools.product(("/open-data", "/api", "/embed/figures"), ("th", "en")):
        page = city.client.get(f"{path}?lang={lang}").text
        assert f'<html lang="{lang}">' in page and "<script" not in page and "style=" not in page
        assert "<style" not in page and "Undefined" not in page


# --- feeds


def test_feeds_are_read_as_atom_and_as_rss(city: City) -> None:
    code = city.report()
    city.report(service_code="waste", description="ขยะล้นถัง", lat="17.5742", long="101.7346")
    for of in ("all", "area/420101", "issue/road", "network/ROADS"):
        _reads_alike(city, of, code)


def _reads_alike(city: City, of: str, code: str) -> None:
    feed = city.client.get(f"/open-data/feeds/{of}.atom")
    assert feed.content_type == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(feed.data)
    for name in ("title", "id", "updated"):
        assert root.findtext(f"{ATOM}{name}")
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == (2 if of == "all" else 1)
    last = entries[-1]
    assert last.find(f"{ATOM}link").attrib["href"].endswith(f"/cases/{code}")  # type: ignore[union-attr]
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    assert "081-234" not in feed.text and "•••" in feed.text
    rss = ElementTree.fromstring(city.client.get(f"/open-data/feeds/{of}.rss").data)
    items = rss.findall("channel/item")
    assert len(items) == len(entries) and all(item.findtext("pubDate") for item in items)


def test_feeds_of_what_is_not_there_are_not_found(city: City) -> None:
    for path in ("area/999999", "issue/spaceships", "network/NOPE", "mood/good", "issue/road%00"):
        assert city.client.get(f"/open-data/feeds/{path}.atom").status_code == 404


def test_letters_that_xml_can_not_hold_do_not_break_a_feed(city: City) -> None:
    city.report(description="หลุม \x07 ใหญ่ \ufffe")
    for path in ("/open-data/feeds/all.atom", "/open-data/feeds/all.rss", "/open311/v2/requests.xml"):
        ElementTree.fromstring(city.client.get(path).data)


def test_geojson_conforms(city: City) -> None:
    city.report()
    city.report(lat="", long="", address_string="แถวตลาด")
    point = {
        "type": "object",
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"const": "Point"},
            "coordinates": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
        },
    }
    feature = {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {"type": {"const": "Feature"}, "geometry": {"anyOf": [point, {"type": "null"}]}},
    }
    whole = json.loads(city.client.get("/open-data/cases.geojson").text)
    jsonschema.validate(whole["features"], {"type": "array", "items": feature, "minItems": 2})
