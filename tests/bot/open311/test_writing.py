"""Requests and updates from other systems: through our own gateway's client, and by hand where it would never do that."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, Response
from sqlalchemy import func, select

from bot.agencies.open311 import Open311Gateway, Open311Reader
from bot.agencies.open311_client import Open311Client
from bot.agencies.wire import WireFault
from handlers.services import privacy
from store import Store
from store.city_data import ServiceCodeRow
from store.models import ApiKey, ApiRequest, Photo, Report
from store.queries import cases as case_queries
from store.schema import migrate
from store.words import OPEN311, RoleName
from tests.bot.agencies.bridged import Bridged, town_with
from tests.bot.agencies.kit import picture
from tests.bot.line.serving import served
from tests.bot.open311.kit import POINT, POTHOLE, City
from tests.kept import kept


def test_our_own_client_makes_a_request_and_adds_to_it(city: City) -> None:
    with served(city.app) as address:
        client = Open311Client(f"{address}/open311/v2", "faloei.example", city.key)
        (made,) = client.post("requests", POTHOLE)
        code = made["service_request_id"]
        fields = {"service_request_id": code, "status": "OPEN", "description": "ลึกขึ้นอีก", "update_id": "u1"}
        (said,) = client.post("servicerequestupdates", fields)
        assert said["update_id"].isdigit()
        client._format = "xml"  # what it would fall back to with a server that knows no JSON
        assert client.post("servicerequestupdates", fields) == [{**said, "account_id": ""}]
        (found,) = client.get(f"requests/{code}")
    assert found["status"] == "open" and city.town.case(code).category == "road"
    city.town._new()
    assert any("ลึกขึ้นอีก" in s.text for s in city.town.seen if s.to == city.town.line_id("สมชาย"))


def test_a_whole_case_between_two_cities(city: City, tmp_path: Path) -> None:
    """The neighbour's highways district is our city: what is reported there is done here and told back."""
    neighbour = Store(f"sqlite:///{tmp_path}/neighbour.db")
    migrate(neighbour.url)
    with ExitStack() as stack:
        endpoint = stack.enter_context(served(city.app)) + "/open311/v2"
        way = {"gateway": "open311", "endpoint": endpoint, "remote_id": "faloei.example"}
        town = town_with(neighbour, OPEN311, (ServiceCodeRow("HIGHWAY", "*", "road"),), HIGHWAY=way)
        client = Open311Client(endpoint, "faloei.example", city.key)
        client_of = lambda _agency: client
        gateways = {OPEN311: Open311Gateway(neighbour, town.house, client_of)}
        bench = Bridged(town, gateways, {OPEN311: Open311Reader(client_of)}, tmp_path)
        stack.callback(bench.delivery.close)
        city.town.settle("ดาว", RoleName.OFFICIAL, agency="HIGHWAY")
        bench.report()
        bench.run()
        code = str(bench.remote().number)
        assert city.town.case(code).lead and "081-234" not in city.town.case(code).text
        city.works(who="ดาว")
        for _ in range(3):
            bench.run(minutes=20)
        assert town.case().status == "done"
        assert len([t for t in bench.heard("มี") if "ปูยางมะตอย" in t]) == 1
    neighbour.close()


def test_a_request_is_routed_and_timed_like_any_report(city: City) -> None:
    case = city.town.case(city.report())
    assert (case.status, case.lead, case.area, case.network) == ("offered", "WORKS", "420101", "ROADS")
    assert [d.kind for d in case.deadlines if d.agency == "WORKS"] == ["ack"]
    (report,) = case.reports
    assert report.channel == "open311"


def test_attributes_become_words_of_the_report(city: City) -> None:
    made = {
        "attribute[water_depth]": "knee",
        "attribute[landmark]": "หน้าตลาด",
        **POTHOLE,
        "service_code": "flooding",
    }
    code = city.post(**made)[0]["service_request_id"]
    assert "น้ำสูงแค่ไหน: ถึงเข่า" in city.town.case(code).text
    many = {**POTHOLE, "service_code": "waste"}
    answer = city.client.post(
        "/open311/v2/requests.json",
        data={"api_key": city.key, **many, "attribute[waste_kind][]": ["bulky", "branches"]},
    )
    assert answer.status_code == 201 and "ของชิ้นใหญ่, กิ่งไม้ใบไม้" in city.town.case().text


def test_danger_is_heard(city: City) -> None:
    assert city.town.case(city.report(**{"attribute[danger]": "now"})).urgent
    assert not city.town.case(city.report(**{"attribute[danger]": "no", "description": "หลุม"})).urgent


def test_a_place_may_be_words_or_an_area(city: City) -> None:
    words = {"service_code": "road", "description": "หลุมลึก"}
    assert city.town.case(_made(city, **words, address_string="ซอย 4 ต.กุดป่อง")).area == "420101"
    assert city.town.case(_made(city, **words, address_id="420102")).area == "420102"
    outside = city.town.case(_made(city, **words, lat="17.3020", long="101.7680"))
    assert outside.routing_reason.get("outside") and outside.unassigned


def _made(city: City, **fields: str) -> str:
    return str(city.post(**fields)[0]["service_request_id"])


WRONG = [
    ({"service_code": ""}, 400, "service_code was not provided"),
    ({"service_code": "spaceships"}, 404, "service_code was not found"),
    ({"lat": "", "long": ""}, 400, "a place is needed"),
    ({"lat": "north"}, 400, "must both be numbers"),
    ({"lat": "nan"}, 400, "degrees"),
    ({"lat": "91"}, 400, "degrees"),
    ({"lat": "48.8", "long": "2.3"}, 400, "outside Thailand"),
    ({"description": "ก" * 4001}, 400, "longer than 4000"),
    ({"email": "nobody"}, 400, "email"),
    ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
    ({"address_id": "999999", "lat": "", "long": ""}, 400, "address_id"),
    ({"attribute[pole_number]": "7"}, 400, "not known for this service"),
    ({"attribute[since]": "ever"}, 400, "must be one of"),
    ({"jurisdiction_id": "chicago.gov"}, 404, "jurisdiction_id"),
    ({"description": "a\x00b"}, 400, "can't be read"),
    ({"api_key": ""}, 403, "was not provided"),
    ({"api_key": "saan_wrong"}, 403, "is not valid"),
]


def test_what_can_not_be_taken_is_refused_and_changes_nothing(city: City) -> None:
    for change, status, words in WRONG:
        told = city.post("requests", status, **{**POTHOLE, **change})
        assert words in told[0]["description"], change
    assert city.town.cases() == 0


def test_everything_that_is_wrong_is_told_at_once(city: City) -> None:
    told = city.post("requests", 400, **{**POTHOLE, "lat": "x", "email": "x", "description": "ก" * 4001})
    assert len(told) >= 3


def test_a_reporter_of_another_system_is_exported_and_forgotten_by_the_cases_code(city: City) -> None:
    hers = {"first_name": "สมหวัง", "phone": "0877777777", "email": "a@b.example", "device_id": "phone-1"}
    code = city.report(description="หลุมหน้าบ้านเลขที่ 88/8 ของลุงดำ", account_id="acc-9", **hers)
    city.works(done=False)
    with city.wiring.store.writing() as unit:
        exported = privacy.export_without_line(unit, case_queries.look_up(unit, code))
        assert exported["reports"][0]["phone"] == "0877777777"
        assert exported["sent_along"][0]["email"] == "a@b.example"
        privacy.forget_without_line(unit, case_queries.look_up(unit, code))
    with city.wiring.store.reading() as unit:
        found = [word for word in (*hers.values(), "88/8", "acc-9") if kept(unit, word)]
        assert found == []
    assert city.get(f"requests/{code}")[0]["description"] == ""


def test_four_thousand_letters_are_taken(city: City) -> None:
    assert len(city.town.case(city.report(description="ก" * 4000)).text) == 4000


def test_only_forms_of_some_size_are_taken(city: City) -> None:
    as_json = city.client.post("/open311/v2/requests.json", json={"api_key": city.key, **POTHOLE})
    assert as_json.status_code == 400 and "form" in as_json.json[0]["description"]
    large = city.client.post(
        "/open311/v2/requests.xml", data={"api_key": city.key, "description": "x" * 70_000}
    )
    assert large.status_code == 413 and b"<code>413</code>" in large.data


def test_the_same_again_within_a_minute_is_the_same_case(city: City) -> None:
    first = city.report()
    again = city.post("requests", 200, **POTHOLE)
    assert again[0]["service_request_id"] == first and city.town.cases() == 1
    assert city.report(description="อีกหลุม") != first
    city.town.now += timedelta(seconds=61)
    assert city.report() != first
    other = city.new_key("another system")
    assert city.report(api_key=other) != first


def test_the_same_sent_twice_at_once_is_one_case(city: City) -> None:
    codes: list[str] = []

    def send() -> None:
        answer = city.app.test_client().post(
            "/open311/v2/requests.json", data={"api_key": city.key, **POTHOLE}
        )
        codes.append(answer.json[0]["service_request_id"])

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(codes) == 4 and len(set(codes)) == 1 and city.town.cases() == 1


def test_a_key_may_only_ask_so_often(city: City) -> None:
    codes = []
    for number in range(125):
        fields = {"api_key": city.key, "service_code": "", "description": str(number)}
        codes.append(city.client.post("/open311/v2/requests.json", data=fields).status_code)
    assert codes[:120] == [400] * 120 and 429 in codes[120:]
    busy = city.client.post("/open311/v2/requests.json", data={"api_key": city.key, **POTHOLE})
    assert busy.status_code == 429 and int(busy.headers["Retry-After"]) >= 1
    assert city.report(api_key=city.new_key("calm"))


def test_keys_and_tokens_are_kept_as_hashes_and_mail_stays_inside(city: City) -> None:
    key = city.new_key("batch", by_token=True)
    token = city.post(api_key=key, **{**POTHOLE, "email": "somsri@example.org"})[0]["token"]
    with city.wiring.store.reading() as unit:
        rows = [vars(row) for kind in (ApiKey, ApiRequest) for row in unit.session.scalars(select(kind))]
        (report,) = unit.session.scalars(select(Report))
    assert key not in str(rows) and city.key not in str(rows) and token not in str(rows)
    assert report.contact_phone == "somsri@example.org" and report.contact_consented_at is not None
    assert "somsri" not in city.client.get("/open311/v2/requests.json?extensions=true").text


def test_a_key_that_was_ended_opens_nothing(city: City) -> None:
    from handlers.services import api_keys

    with city.wiring.store.writing() as unit:
        found = api_keys.find(unit, city.key)
        assert found is not None and api_keys.end(unit, found.id, city.town.now)
    city.post("requests", 403, **POTHOLE)


def test_a_picture_is_fetched_stripped_and_shown(city: City) -> None:
    app = Flask("pictures")
    app.add_url_rule("/hole.jpg", "hole", lambda: Response(picture(), content_type="image/jpeg"))
    with served(app) as address:
        code = city.report(media_url=f"{address}/hole.jpg")
        city.post("requests", 200, **{**POTHOLE, "media_url": f"{address}/hole.jpg"})  # the same again
        lost = city.report(media_url=f"{address}/lost.jpg")
    (found,) = city.get(f"requests/{code}")
    shown = city.client.get("/media/" + found["media_url"].rpartition("/media/")[2])
    assert shown.status_code == 200 and b"secret camera" not in shown.data
    assert city.get(f"requests/{lost}")[0]["media_url"] is None
    assert "lost.jpg" in city.town.case(lost).text
    with city.wiring.store.reading() as unit:
        assert unit.session.scalar(select(func.count()).select_from(Photo)) == 1


# --- updates


def update(
    city: City, code: str, words: str = "ยังไม่เรียบร้อย", status: str = "OPEN", expected: int = 200, **more: str
) -> list[dict[str, str]]:
    fields = {"service_request_id": code, "status": status, "description": words, **more}
    return city.post("servicerequestupdates", expected, **fields)


def test_an_update_reaches_who_has_the_case(city: City) -> None:
    code = city.report()
    city.works(done=False)
    update(city, code, "มีคนล้มแล้วสองคน", update_id="u-1")
    city.town._new()
    assert any("มีคนล้มแล้วสองคน" in s.text for s in city.town.seen if s.to == city.town.line_id("สมชาย"))
    assert "มีคนล้มแล้ว" not in str(city.get("servicerequestupdates")), "what she adds is for the agency"


def test_the_same_update_twice_is_one(city: City) -> None:
    code = city.report()
    first = update(city, code, update_id="u-1")
    assert update(city, code, update_id="u-1") == first
    assert update(city, code, "อีกเรื่อง", update_id="u-2") != first
    bare = update(city, code, "ไม่มีเลข")
    assert update(city, code, "ไม่มีเลข") == bare
    assert [row.kind for row in city.town.case(code).history].count("words") == 3


def test_closed_confirms_and_open_reopens_what_is_done(city: City) -> None:
    code = city.report()
    city.works()
    update(city, code, "เรียบร้อยแล้ว ขอบคุณ", "CLOSED")
    assert (city.town.case(code).status, city.town.case(code).closed_how) == ("closed", "fixed")
    update(city, code, "กลับมาเป็นอีก", "OPEN", update_id="u-9")
    case = city.town.case(code)
    assert (case.status, case.reopened, case.lead) == ("accepted", 1, "WORKS")
    city.town.now += timedelta(days=1)


def test_after_a_month_nothing_can_be_added(city: City) -> None:
    code = city.report()
    city.works()
    update(city, code, "เรียบร้อย", "CLOSED")
    city.town.now += timedelta(days=31)
    assert "nothing can be added" in update(city, code, expected=400)[0]["description"]
    assert city.town.case(code).status == "closed"


def test_a_question_of_the_agency_is_answered(city: City) -> None:
    code = city.report()
    city.works(done=False)
    city.town.taps("สมชาย", "ถามผู้แจ้ง")
    city.town.says("สมชาย", "หน้าร้านไหนครับ")
    assert city.town.case(code).status == "waiting_citizen"
    update(city, code, "หน้าร้านป้าแดง")
    assert city.town.case(code).status == "accepted"


def test_other_systems_cases_and_broken_updates_are_left_alone(city: City) -> None:
    code, chat = city.report(), city.chat("ไฟทางดับหน้าวัดโพนงาม")
    other = city.new_key("another system")
    update(city, code, expected=403, api_key=other)
    update(city, chat, expected=404)
    update(city, "LOE69-9999", expected=404)
    update(city, code, status="MAYBE", expected=400)
    update(city, code, words=" ", expected=400)
    update(city, code, words="ก" * 4001, expected=400)
    update(city, code, expected=400, updated_datetime="soon")
    assert [row.kind for row in city.town.case(code).history] == ["reported", "offered"]


def test_a_wire_fault_tells_the_servers_reason(city: City) -> None:
    with served(city.app) as address:
        client = Open311Client(f"{address}/open311/v2", "", "saan_wrong")
        with pytest.raises(WireFault, match="403 api_key is not valid"):
            client.post("requests", POTHOLE)


def test_points_are_kept_as_they_were_sent(city: City) -> None:
    case = city.town.case(city.report())
    assert (case.lat, case.lon) == (float(POINT["lat"]), float(POINT["long"]))
