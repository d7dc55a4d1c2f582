"""`saan route`, `saan agencies` and `saan seed --preview`: one decision without a case, and what a change would move."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.bot.test_cli import Run, report, saan, town
from tests.town import DEMO_CITY, Town

__all__ = ["saan", "town"]


def routed(saan: Run, *words: str) -> dict[str, object]:
    code, out, err = saan("route", "--json", *words)
    assert code == 0, err
    found: dict[str, object] = json.loads(out)
    return found


def test_a_dry_run_says_what_was_understood_which_row_leads_and_who_comes_next(saan: Run, town: Town) -> None:
    found = routed(saan, "--text", "ไฟทางดับสองคืนแล้ว มืดมาก", "--place", "หน้าวัดโพนงาม")
    assert (found["understood"], found["area"], found["lead"]) == ("street_light", "420107", "WORKS")
    assert found["row"] == 100 and "กองช่าง" in str(found["reason"])
    assert [helper["agency"] for helper in found["helpers"]] == ["PEA"]  # type: ignore[attr-defined]
    assert [step["lead"] for step in found["next"]] == ["PEA", "CENTER"]  # type: ignore[attr-defined]
    assert found["targets"] == {"ack": 8.0, "plan": 24.0, "finish": 40.0}
    assert town.cases() == 0


def test_category_and_area_may_be_named_instead(saan: Run, town: Town) -> None:
    found = routed(saan, "--category", "road", "--area", "420105", "--urgent")
    assert (found["lead"], found["row"]) == ("HIGHWAY", 10)
    assert found["targets"] == {"ack": 1.0, "plan": 4.0, "finish": 24.0}


def test_the_plain_output_names_everybody(saan: Run, town: Town) -> None:
    code, out, _ = saan("route", "--category", "road", "--area", "420101")
    assert code == 0 and "then\tHIGHWAY\t40" in out and "helper\tCITYLAW" in out


@pytest.mark.parametrize(
    "words", [[], ["--category", "nothing"], ["--category", "road", "--area", "9"], ["--effect", "/nowhere"]]
)
def test_bad_use_is_said_in_one_line_with_exit_2(saan: Run, town: Town, words: list[str]) -> None:
    code, out, err = saan("route", *words)
    assert code == 2 and out == "" and err.count("\n") == 1


def changed_folder(tmp_path: Path) -> Path:
    """The demo city, in which street lights go to the electricity authority."""
    folder = tmp_path / "other"
    shutil.copytree(DEMO_CITY, folder)
    rows = (folder / "routing.csv").read_text("utf-8")
    (folder / "routing.csv").write_text(
        rows.replace("100,*,street_light,WORKS,PEA: ตรวจไฟฟ้าที่จ่ายเข้าโคม", "100,*,street_light,PEA,"), "utf-8"
    )
    return folder


def test_a_change_is_shown_before_and_after_it_is_made(saan: Run, town: Town, tmp_path: Path) -> None:
    report(town)
    folder = str(changed_folder(tmp_path))
    for words in (("seed", folder, "--preview"), ("route", "--effect", folder)):
        code, out, _ = saan(*words)
        assert code == 0 and "WORKS -> PEA: 1" in out
    assert routed(saan, "--category", "street_light")["lead"] == "WORKS"
    code, out, _ = saan("seed", folder)
    assert code == 0 and "WORKS -> PEA: 1" in out
    assert routed(saan, "--category", "street_light")["lead"] == "PEA"
    versions = json.loads(saan("route", "--versions", "--json")[1])
    assert versions[0]["changed"] == [100] and versions[0]["moved"] == 1


def test_a_folder_that_may_not_be_loaded_is_no_preview_either(saan: Run, town: Town, tmp_path: Path) -> None:
    folder = changed_folder(tmp_path)
    text = (
        (folder / "routing.csv")
        .read_text("utf-8")
        .replace("100,*,street_light,PEA", "100,*,street_light,EDU")
    )
    (folder / "routing.csv").write_text(text, "utf-8")
    code, _, err = saan("seed", str(folder), "--preview")
    assert code == 2 and "routing.csv row 11" in err and "no power by law" in err


def test_rows_and_agencies_have_their_records(saan: Run, town: Town) -> None:
    report(town)
    case = town.case()
    town.taps_data("ยายสี", f"do=case.decline&case={case.code}&why=power")
    (found,) = json.loads(saan("route", "--stats", "--json")[1])
    assert (found["row"], found["lead"], found["undecided"], found["share"]) == (100, "WORKS", 1, None)
    code, out, _ = saan("agencies", "--json")
    works = next(row for row in json.loads(out) if row["code"] == "WORKS")
    assert code == 0 and works["promises"] == {"ack": {"running": 1}} and works["share_kept"] is None


def test_a_case_tells_why_its_lead_has_it(saan: Run, town: Town) -> None:
    report(town)
    found = json.loads(saan("case", town.case().code, "--json")[1])
    assert found["routing"]["row"] == 100 and "กองช่าง" in found["routing"]["reason"]
    assert found["expected"] is None and found["overdue"] is None
