"""Every route of the console against every role: the wrong one gets nowhere and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from bot.web import access
from tests.bot.console.kit import ADMINISTRATOR, CITIZEN, OFFICIAL, REPRESENTATIVE, Desk, Place, place, report

WHO = {access.OFFICIAL: OFFICIAL, access.REPRESENTATIVE: REPRESENTATIVE, access.ADMINISTRATOR: ADMINISTRATOR}
_FILLED = {
    "code": "ROADS",
    "file": "routing.csv",
    "number": "1",
    "kind": "csv",
    "word": "x",
    "key": "report.where",
    "name": "cases",
}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Place:
    made = place(tmp_path_factory.mktemp("authority"))
    report(made)
    return made


@pytest.fixture(scope="module")
def desks(at: Place) -> dict[str, Desk]:
    return {role: at.enter(name) for role, name in WHO.items()}


def routes(at: Place) -> Iterator[tuple[str, str, str]]:
    """(role, method, path) of every route of the console."""
    for rule in at.app.url_map.iter_rules():
        if rule.rule.startswith("/console"):
            role = access.role_of(at.app, rule.endpoint) or ""
            path = rule.rule
            for name in rule.arguments:
                for shape in (f"<{name}>", f"<int:{name}>"):
                    path = path.replace(shape, _FILLED[name])
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield role, method, path


def everything(at: Place) -> list[tuple[object, ...]]:
    """What a wrong try must not change: cases, city, roles, invites, outbox."""
    tables = ('"case"', "city", "role", "invite", "outbox", "city_upload", "charter", "history")
    with at.wiring.store.reading() as unit:
        return [
            tuple(row) for table in tables for row in unit.session.execute(text(f"SELECT * FROM {table}"))
        ]


def test_every_route_says_who_may_come(at: Place) -> None:
    found = list(routes(at))
    assert len(found) > 30
    for role, method, path in found:
        assert role in (*access.CONSOLE, access.PUBLIC, access.LINK), path
        assert not (role == access.PUBLIC and method != "GET"), path


def test_without_a_session_every_route_leads_to_the_sign_in(at: Place) -> None:
    before = everything(at)
    for role, method, path in routes(at):
        if role in access.CONSOLE:
            answer = at.app.test_client().open(path, method=method)
            assert (answer.status_code, answer.headers.get("Location")) == (303, "/console/sign-in"), path
    assert everything(at) == before


@pytest.mark.parametrize("own", WHO)
def test_the_wrong_role_is_refused_everywhere(own: str, at: Place, desks: dict[str, Desk]) -> None:
    before, tried = everything(at), 0
    csrf = desks[own].csrf()
    for role, method, path in routes(at):
        if role in WHO and role != own:
            data = {"csrf": csrf} if method == "POST" else None
            answer = desks[own].client.open(path, method=method, data=data)
            assert answer.status_code == 403 and "ผู้ทำหน้าที่อื่น" in answer.text, f"{own} at {path}"
            tried += 1
    assert tried >= 8 and everything(at) == before


@pytest.mark.parametrize("own", WHO)
def test_every_get_of_ones_own_answers_without_a_fault(own: str, at: Place, desks: dict[str, Desk]) -> None:
    for role, method, path in routes(at):
        if role in (own, access.SIGNED_IN) and method == "GET":
            answer = desks[own].get(path)
            assert answer.status_code in (200, 404), f"{path}: {answer.status_code}"


def test_another_agencys_case_shows_only_what_everybody_sees(at: Place, desks: dict[str, Desk]) -> None:
    at.town.says(CITIZEN, "ถนนทรุดเป็นหลุมลึก ทางหลวงหน้าวัดโพนชัย ต.น้ำหมาน โทร 081-999-8888")
    at.town.taps(CITIZEN, "ส่งเรื่อง")
    case = at.town.case()
    assert case.lead == "HIGHWAY"
    answer = desks[access.OFFICIAL].client.get(f"/console/cases/{case.code}")
    if "WORKS" in [helper.agency for helper in case.helpers]:
        assert answer.status_code == 200  # a public agency that helps may read it
    else:
        assert answer.status_code == 303 and answer.headers["Location"].startswith("/cases/")


def test_a_representative_or_administrator_changes_no_case_by_a_hand_made_button(
    at: Place, desks: dict[str, Desk]
) -> None:
    code = "LOE69-0001"
    for role in (access.REPRESENTATIVE, access.ADMINISTRATOR):
        for do in ("case.accept", "case.done", "case.decline", "case.inside", "case.assign", "group.do"):
            desks[role].post("/console/press", do=do, case=code, agency="TESSAKIT", text="ลอง", why="other")
        assert at.town.case(code).status == "offered"
        assert [row.kind for row in at.town.case(code).history] == ["reported", "offered"]


@pytest.mark.parametrize(
    "do", ["report.start", "me.forget", "behalf.start", "staff.invite", "web", "nothing", ""]
)
def test_what_needs_the_chat_is_not_done_by_a_page(do: str, at: Place, desks: dict[str, Desk]) -> None:
    before = everything(at)
    answer = desks[access.OFFICIAL].post("/console/press", do=do, sure="1", back="/console/")
    assert answer.status_code == 200 and everything(at) == before
