"""The reading API: what its OpenAPI document promises is what it does, whatever is asked."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from schemathesis import GenerationMode

from bot.web.api import asked
from bot.web.opendata.fields import FIELDS
from store import Store
from store.schema import migrate
from tests.bot.open311.kit import City


def test_the_document_is_valid_openapi(city: City) -> None:
    document = city.client.get("/api/v1/openapi.json").json
    validate(document)
    assert set(asked.KNOWN) == set(document["components"]["parameters"])
    assert set(document["components"]["schemas"]["Case"]["properties"]) == set(FIELDS)


def test_every_route_is_in_the_document_and_on_the_page(city: City) -> None:
    paths = set(city.client.get("/api/v1/openapi.json").json["paths"])
    served = {str(rule).replace("<", "{").replace(">", "}") for rule in city.app.url_map.iter_rules()}
    assert {path for path in served if path.startswith("/api/v1/")} - {"/api/v1/openapi.json"} == paths
    page = city.client.get("/api").text
    assert all(path in page for path in paths)


def test_pages_of_the_list_hold_everything_once(city: City) -> None:
    codes = [city.report(description=f"หลุมที่ {n}") for n in range(5)]
    found, after = [], None
    while True:
        query = {"limit": "2", **({"after": after} if after else {})}
        page = city.client.get("/api/v1/cases", query_string=query).json
        found += [case["code"] for case in page["cases"]]
        after = page["next"]
        if after is None:
            break
    assert found == codes[::-1]


def test_filters(city: City) -> None:
    road, waste = city.report(), city.report(service_code="waste", description="ขยะล้นถัง")

    def found(**query: str) -> list[str]:
        answer = city.client.get("/api/v1/cases", query_string=query)
        assert answer.status_code == 200, answer.text
        return [case["code"] for case in answer.json["cases"]]

    assert found(category="waste") == [waste] and found(category="waste,road") == [waste, road]
    assert found(status="closed") == [] and found(status="offered") == [waste, road]
    assert found(network="ROADS") == [road] and found(area="420101") == [waste, road]
    assert found(lead="WORKS") == [road]
    assert found(opened_from="2026-11-24T00:00:00Z") == [] == found(changed_until="2026-11-22T00:00:00Z")
    assert found(opened_until="2026-11-24T00:00:00+07:00") == [waste, road]


SENSELESS = (
    *("status=lost", "area=x", "limit=0", "limit=201", "limit=ten", "after=nobody"),
    *(
        "opened_from=",
        "opened_from=today",
        "colour=red",
        "category=",
        "network=%00",
        "category=road,",
        "lang=xx",
    ),
)


def test_what_has_no_sense_is_refused(city: City) -> None:
    for query in SENSELESS:
        answer = city.client.get(f"/api/v1/cases?{query}")
        assert answer.status_code == 400 and answer.json["message"], query
    assert city.client.get("/api/v1/cases?after=LOE69-9999").status_code == 404


def test_one_case_tells_its_public_history(city: City) -> None:
    code = city.chat("ถนนเป็นหลุมลึกหน้าวัดโพนงาม")
    city.town.taps("สมชาย", "ถามผู้แจ้ง")
    city.town.says("สมชาย", "บ้านเลขที่เท่าไรครับ")
    city.town.says("ยายสี", "อยู่ข้างบ้านลับเฉพาะ")
    found = city.client.get(f"/api/v1/cases/{code}").json
    assert [row["kind"] for row in found["history"]] == ["reported", "offered", "accepted"]
    assert "ลับเฉพาะ" not in str(found)
    private = city.report(service_code="welfare", description="ยายอยู่คนเดียว")
    assert city.client.get(f"/api/v1/cases/{private}").status_code == 404
    assert city.client.get("/api/v1/cases/LOE69-9999").json["error"] == 404


def test_nothing_is_written_through_the_api(city: City) -> None:
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(city.client, method)("/api/v1/cases")
        assert answer.status_code == 405 and "GET" in answer.headers["Allow"]


# --- whatever is asked


OPERATIONS = (
    "listCases", "getCase", "getCity", "listCategories", "listAreas", "listAgencies", "getFigures", "listNetworks",
    "getNetwork",
)  # fmt: skip


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("api")
    store = Store(f"sqlite:///{folder}/saan.db")
    migrate(store.url)
    city = City(store, folder)
    city.report()
    city.report(service_code="waste", description="ขยะล้นถัง")
    city.report(service_code="land", description="รุกที่")
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", city.app)
    found = [result.ok() for result in schema.get_all_operations()]
    return {one.definition.raw["operationId"]: one for one in found}


@pytest.mark.parametrize("name", OPERATIONS)
def test_answers_are_what_the_document_says(operations: dict[str, Any], name: str) -> None:
    assert set(operations) == set(OPERATIONS)
    plan = settings(
        max_examples=60 if name == "listCases" else 20,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for mode in GenerationMode:

        @plan
        @given(case=operations[name].as_strategy(generation_mode=mode))
        def whatever_is_asked(case: Any) -> None:
            case.call_and_validate()

        whatever_is_asked()
