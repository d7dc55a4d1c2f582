"""The city read as an Open311 server: by an independent client, in both formats, by the letter of the standard."""

from __future__ import annotations

from datetime import datetime, timedelta

from georeport import GeoReport

from store.words import RoleName
from tests.bot.line.serving import served
from tests.bot.open311.kit import City, conforms, plain, texts_of

PATHS = (
    "discovery",
    "services",
    "services/street_light",
    "requests",
    "requests/{code}",
    "servicerequestupdates",
    "requests/LOE69-9999",
    "services/nothing",
    "requests?status=lost",
)


def test_another_projects_client_reads_services_and_requests(city: City) -> None:
    first, second = city.report(), city.report(service_code="waste", description="ขยะล้นถัง")
    with served(city.app) as address:
        for form in ("json", "xml"):
            _read_all(f"{address}/open311/v2", form, first, second)


def _read_all(address: str, form: str, first: str, second: str) -> None:
    client = GeoReport(address, jurisdiction="faloei.example", output_format=form)
    services = {s["service_code"]: s for s in client.get_service_list()}
    assert services["road"]["service_name"] == "ถนน" and len(services) == 32
    asked = client.get_service_definition("street_light")
    assert asked["service_code"] == "street_light"
    found = client.get_service_requests()
    assert [r["service_request_id"] for r in found] == [second, first], "the latest comes first"
    one = client.get_service_request(first)
    assert one["status"] == "open" and float(one["lat"]) == 17.4883 and one["agency_responsible"] == "กองช่าง"
    (named,) = _as_list(client.get_service_requests(service_request_id=f"{first},LOE69-9999"))
    assert named["service_request_id"] == first


def _as_list(found: object) -> list[dict[str, str]]:
    """The client gives a lone entry of XML without a list around it."""
    return found if isinstance(found, list) else [found]  # type: ignore[list-item]


def test_xml_says_what_json_says(city: City) -> None:
    code = city.report()
    for path in PATHS:
        name, _, query = path.format(code=code).partition("?")
        as_json = city.client.get(f"/open311/v2/{name}.json?{query}")
        as_xml = city.client.get(f"/open311/v2/{name}.xml?{query}")
        assert as_json.status_code == as_xml.status_code
        assert as_xml.content_type == "text/xml; charset=utf-8"
        assert as_xml.data.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
        assert plain(as_xml.data) == texts_of(as_json.json), path


def test_discovery_names_the_endpoint_and_lies_where_clients_look(city: City) -> None:
    found = city.get("discovery")
    (endpoint,) = found["endpoints"]
    assert endpoint["url"].endswith("/open311/v2") and found["jurisdiction_id"] == "faloei.example"
    assert city.client.get("/open311/discovery.xml").status_code == 200


def test_every_service_has_a_definition_that_conforms(city: City) -> None:
    for service in city.get("services"):
        defined = city.get(f"services/{service['service_code']}")
        assert service["metadata"] == bool(defined["attributes"])
    lists = [a for a in city.get("services/waste")["attributes"] if a["datatype"].endswith("valuelist")]
    assert lists and all(a["values"] for a in lists)
    english = city.get("services", lang="en")
    assert english[0]["service_name"] == "Roads"


def test_another_city_is_not_found_here(city: City) -> None:
    assert city.get("services", jurisdiction_id="FALOEI") == city.get("services")
    assert city.get("services", 404, jurisdiction_id="chicago.gov")[0]["code"] == 404
    assert city.client.get("/open311/v2/requests.json?jurisdiction_id=").status_code == 200


def test_no_words_of_private_matters_and_nothing_of_harmful_ones(city: City) -> None:
    city.report(service_code="welfare", description="ยายอยู่คนเดียวไม่มีข้าวกิน")
    school = city.report(service_code="education", description="ครูตีหลานชายที่โรงเรียนบ้านนา")
    road = city.report()
    found = {r["service_request_id"]: r for r in city.get("requests")}
    assert set(found) == {school, road}
    assert found[school]["description"] == "" and found[school]["lat"] == 17.488
    assert "081-234" not in found[road]["description"] and "•••" in found[road]["description"]
    assert all("โรงเรียน" not in u["description"] for u in city.get("servicerequestupdates"))


def test_a_system_sees_what_it_sent_whatever_the_matter(city: City) -> None:
    code = city.report(service_code="welfare", description="ยายอยู่คนเดียว")
    city.get(f"requests/{code}", 404)
    (own,) = city.get(f"requests/{code}", api_key=city.key)
    assert own["status"] == "open" and own["description"] == ""
    city.get(f"requests/{code}", 404, api_key=city.new_key("somebody else"))
    assert city.get("requests", 403, api_key="saan_wrong")[0]["description"] == "api_key is not valid"


def test_filters_by_service_status_and_time(city: City) -> None:
    road, waste = city.report(), city.report(service_code="waste", description="ขยะล้นถัง")
    city.works()
    assert [r["service_request_id"] for r in city.get("requests", service_code="waste")] == [waste]
    assert len(city.get("requests", service_code="waste,road")) == 2
    closed = [r["service_request_id"] for r in city.get("requests", status="closed")]
    assert len(closed) == 1 and len(city.get("requests", status="open")) == 1
    assert len(city.get("requests", status="open,closed")) == 2
    before = f"{city.town.now - timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"
    assert city.get("requests", end_date=before) == []
    assert len(city.get("requests", start_date=before)) == 2
    assert len(city.get("requests", updated_after=before)) == 2
    assert road != waste


def test_a_plain_list_reaches_back_ninety_days(city: City) -> None:
    code = city.report()
    began = city.town.now
    city.town.now = began + timedelta(days=89)
    assert len(city.get("requests")) == 1
    city.town.now = began + timedelta(days=91)
    assert city.get("requests") == []
    assert len(city.get("requests", service_request_id=code)) == 1, "a number stands above all filters"
    assert len(city.get("requests", start_date=f"{began - timedelta(days=1):%Y-%m-%dT%H:%M:%S+00:00}")) == 1


FORBIDDEN = (
    {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"},
    {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
    {"start_date": "yesterday"},
    {"start_date": "2026-02-30T00:00:00Z"},
    {"start_date": "2026-02-01T00:00:00"},
    {"start_date": "9999-12-31T00:00:00Z"},
    {"status": "lost"},
    {"page": "0"},
    {"page": "x"},
    {"page_size": "1001"},
    {"service_request_id": ",".join(f"LOE69-{n:04d}" for n in range(101))},
    {"service_code": "road\x00"},
)


def test_what_the_standard_forbids_is_refused_with_its_reason(city: City) -> None:
    for query in FORBIDDEN:
        assert city.get("requests", 400, **query)[0]["code"] == 400, query


def test_pages_hold_everything_once(city: City) -> None:
    codes = [city.report(description=f"หลุมที่ {n}") for n in range(5)]
    pages = [city.get("requests", page=str(n), page_size="2") for n in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert [r["service_request_id"] for page in pages for r in page] == codes[::-1]


def test_extensions_tell_more(city: City) -> None:
    code = city.report()
    (plainly,), (more,) = city.get(f"requests/{code}"), city.get(f"requests/{code}", extensions="true")
    assert "extended_attributes" not in plainly
    told = more["extended_attributes"]
    assert (
        told["detailed_status"] == "offered" and told["network"] == "ROADS" and told["agency_code"] == "WORKS"
    )


def test_updates_tell_each_step_in_public_words(city: City) -> None:
    code = city.report()
    city.works()
    told = city.get("servicerequestupdates", service_request_id=code)
    assert [u["status"] for u in told] == ["OPEN", "OPEN", "OPEN", "CLOSED"]
    assert "ปูยางมะตอย" in told[-1]["description"]
    finer = city.get("servicerequestupdates", service_request_id=code, extensions="true")
    assert [u["status"] for u in finer][-2:] == ["ACKNOWLEDGED", "FIXED"]
    since = datetime.fromisoformat(told[-1]["updated_datetime"])
    late = city.get("servicerequestupdates", start_date=f"{since:%Y-%m-%dT%H:%M:%SZ}")
    assert [u["update_id"] for u in late] == [told[-1]["update_id"]]
    assert len(city.get("servicerequestupdates", page="2", page_size="3")) == 1


def test_private_talk_between_citizen_and_agency_is_no_update(city: City) -> None:
    city.chat("ถนนเป็นหลุมลึกหน้าวัดโพนงาม")
    city.town.taps("สมชาย", "ถามผู้แจ้ง")
    city.town.says("สมชาย", "บ้านเลขที่เท่าไรครับ")
    city.town.says("ยายสี", "อยู่ข้างบ้านลับเฉพาะ")
    told = str(city.get("servicerequestupdates"))
    assert "ลับเฉพาะ" not in told and "บ้านเลขที่" not in told


def test_cases_from_the_chat_are_requests_too(city: City) -> None:
    code = city.chat("ถนนเป็นหลุมลึกหน้าวัดโพนงาม")
    (found,) = city.get("requests")
    assert found["service_request_id"] == code and "วัดโพนงาม" in found["address"]


def test_tokens_lead_to_numbers(city: City) -> None:
    key = city.new_key("batch", by_token=True)
    (made,) = city.post(api_key=key, service_code="road", lat="17.4883", long="101.7271")
    assert "service_request_id" not in made
    (found,) = city.get(f"tokens/{made['token']}")
    assert found["token"] == made["token"]
    assert city.get(f"requests/{found['service_request_id']}")
    city.get("tokens/nothing", 404)


def test_paths_that_are_not_there_are_told_as_errors(city: City) -> None:
    for path in (
        "/open311/",
        "/open311/v2/services",
        "/open311/v2/services.csv",
        "/open311/v3/services.json",
    ):
        answer = city.client.get(path)
        assert answer.status_code == 404
        if path.endswith(".json"):
            conforms("errors", answer.json)
        else:
            assert plain(answer.data)[0]["code"] == "404"
    assert city.client.delete("/open311/v2/requests.json").status_code == 405


def test_pages_of_other_sites_may_read(city: City) -> None:
    assert city.client.get("/open311/v2/services.json").headers["Access-Control-Allow-Origin"] == "*"
    answer = city.client.post("/open311/v2/requests.json", data={})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_an_officials_case_shows_whom_to_call(city: City) -> None:
    city.town.settle("นก", RoleName.OFFICIAL, agency="CLEAN")
    city.report(first_name="สมศรี", phone="0898765432")
    city.town._new()
    cards = [seen.text for seen in city.town.seen if seen.to == city.town.line_id("สมชาย")]
    assert any("สมศรี" in text and "0898765432" in text for text in cards)
    assert "สมศรี" not in str(city.get("requests", extensions="true"))
    assert "0898765432" not in str(city.get("requests", extensions="true"))
