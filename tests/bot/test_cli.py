"""The command `saan`: what it prints, what it refuses, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main, parser
from scheduler.jobs import JOBS
from store.words import RoleName
from tests.installation import LINE, environment, installed
from tests.town import DEMO_CITY, Town

INVITE = re.compile(r"[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}\n")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def saan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in an installation of its own: exit code, stdout, stderr."""
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    for name in LINE:
        monkeypatch.delenv(name, raising=False)

    def run(*words: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capsys.readouterr()
        try:
            code = main(words)
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(installed(tmp_path).store)


def report(town: Town) -> None:
    town.settle("ยายสี")
    town.says("ยายสี", "=ไฟทางดับหน้าวัดโพนงาม มืดมาก")
    town.taps("ยายสี", "ส่งเรื่อง")


def test_every_command_has_help(saan: Run) -> None:
    for name in _names(parser()):
        code, out, _ = saan(*name, "--help")
        assert code == 0 and "usage: saan" in out


def _names(of: object, before: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    choices = [a.choices for a in of._actions if a.choices and isinstance(a.choices, dict)]  # type: ignore[attr-defined]
    names = [((*before, name), sub) for found in choices for name, sub in found.items()]
    return [path for name, sub in names for path in (name, *_names(sub, name))]


def test_help_is_quick_because_nothing_heavy_is_loaded() -> None:
    heavy = "sqlalchemy flask numpy pythainlp linebot nlp handlers"
    code = f"import sys, bot.cli; bot.cli.parser(); print([m for m in '{heavy}'.split() if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "words", [["nonsense"], [], ["case"], ["export", "cases", "--format", "pdf"], ["tick"]]
)
def test_bad_use_is_exit_2(saan: Run, words: list[str]) -> None:
    code, out, err = saan(*words)
    assert (code, out) == (2, "") and err.startswith("saan: ") and err.count("\n") == 1


def test_the_table_of_cases_has_its_columns_before_there_is_a_case(saan: Run, town: Town) -> None:
    before = saan("export", "cases", "--format", "csv")[1]
    report(town)
    with_one = saan("export", "cases", "--format", "csv")[1]
    assert before == with_one[: len(before)] and before.startswith("code,") and before.count("\n") == 1
    assert list(csv.DictReader(io.StringIO(with_one)).fieldnames or []) == list(
        json.loads(saan("export", "cases", "--format", "json")[1])[0]
    )


def test_bad_settings_are_one_line_and_exit_2(saan: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "many")
    monkeypatch.setenv("LOG_FORMAT", "xml")
    code, _, err = saan("cases")
    assert code == 2 and err.count("\n") == 1 and "PORT" in err and "LOG_FORMAT" in err


def test_without_a_schema_commands_fail_in_one_line_and_leave_no_file(saan: Run, tmp_path: Path) -> None:
    code, _, err = saan("cases")
    assert code == 1 and "saan migrate" in err and err.count("\n") == 1
    assert not (tmp_path / "saan.db").exists()


def test_migrate_and_seed_may_be_repeated(saan: Run) -> None:
    assert saan("migrate")[0] == 0 and saan("migrate")[0] == 0
    assert "loaded:" in saan("seed")[1]
    assert "already" in saan("seed")[1]
    assert saan("seed", "--if-none") == (0, "", "")


def test_a_bad_city_folder_names_file_row_and_reason_and_changes_nothing(saan: Run, tmp_path: Path) -> None:
    saan("migrate")
    saan("seed")
    folder = tmp_path / "city"
    shutil.copytree(DEMO_CITY, folder)
    table = folder / "routing.csv"
    table.write_text(
        table.read_text("utf-8-sig").replace("10,420105,road,HIGHWAY", "10,420105,road,TEMPLE"), "utf-8"
    )
    code, _, err = saan("seed", str(folder))
    assert code == 2 and "routing.csv row 2" in err and "TEMPLE" in err
    table.write_text(table.read_text("utf-8").replace("TEMPLE", "NOBODY"), "utf-8")
    code, _, err = saan("seed", str(folder))
    assert code == 2 and "routing.csv row 2" in err and "NOBODY" in err
    assert "already" in saan("seed")[1]
    assert saan("seed", str(tmp_path / "nowhere"))[0] == 2


def test_classify_answers_line_by_line_without_a_database(saan: Run, tmp_path: Path) -> None:
    lines = '{"id":7,"text":"ไฟทางดับหน้าวัด"}\n\n{"id":"b","text":""}\n'
    code, out, _ = saan("classify", stdin=lines)
    first, second = map(json.loads, out.splitlines())
    assert code == 0 and (first["id"], second["id"]) == (7, "b")
    assert first.keys() == {"id", "category", "confidence", "top", "network", "intent", "urgent", "place"}
    assert first["category"] == "street_light" and first["network"] is None and len(first["top"]) == 3
    assert not (tmp_path / "saan.db").exists()


def test_classify_names_the_network_when_a_city_is_loaded(saan: Run, town: Town) -> None:
    code, out, _ = saan("classify", stdin='{"text":"ไฟทางดับหน้าวัดโพนงาม"}')
    assert code == 0 and json.loads(out)["network"] == "ROADS"


@pytest.mark.parametrize("line", ["not json", "[1]", '{"id":1}', '{"id":1,"text":5}'])
def test_classify_refuses_bad_lines(saan: Run, town: Town, line: str) -> None:
    code, _, err = saan("classify", stdin=line)
    assert code == 2 and err.count("\n") == 1


def test_evaluate_prints_the_agreed_figures(saan: Run, town: Town, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text(
        '{"text":"ไฟทางดับ","gold":"street_light"}\n{"text":"ถนนเป็นหลุม","gold":"road","acceptable":["road"]}\n'
    )
    code, out, _ = saan("evaluate", str(rows), "--json")
    figures = json.loads(out)
    assert code == 0 and figures.keys() == {
        "n",
        "top1",
        "top1_acceptable",
        "top3_acceptable",
        "macro_f1",
        "ece",
    }
    assert figures["n"] == 2 and figures["top1"] == 1.0
    assert "macro_f1" in saan("evaluate", str(rows))[1]
    assert saan("evaluate", str(tmp_path / "missing"))[0] == 2


def test_training_refuses_unknown_categories(saan: Run, town: Town, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"text":"x","category":"nonsense"}\n')
    code, _, err = saan("train", "--add", str(rows))
    assert code == 2 and "nonsense" in err


@pytest.mark.slow
def test_training_keeps_the_model_where_it_is_told_and_believes_no_nonsense(
    saan: Run, town: Town, tmp_path: Path
) -> None:
    from nlp import read_corpus

    rows = [{"text": f"{r.text} ค่ะ", "category": "animals"} for r in read_corpus() if r.category == "road"]
    bad = tmp_path / "bad.jsonl"
    bad.write_text("\n".join(map(json.dumps, rows)))
    elsewhere = tmp_path / "elsewhere"
    code, out, _ = saan("train", "--add", str(bad), "--data", str(elsewhere))
    assert code == 0 and out.startswith("not promoted") and f"0 believed of {len(rows)}" in out
    assert not list(elsewhere.rglob("media/models/*.npz"))
    code, out, _ = saan("train", "--data", str(elsewhere))
    assert code == 0 and out.startswith("promoted") and len(list(elsewhere.rglob("models/*.twin.npz"))) == 1
    assert not (tmp_path / "media" / "models").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["official", "invite", "--agency", "WORKS", "--name", "สมชาย", "--head"],
        ["official", "invite", "--agency", "WORKS"],
        ["coordinator", "invite", "--agency", "CENTER"],
        ["representative", "invite", "--network", "ROADS"],
        ["admin", "invite"],
    ],
)
def test_an_invite_is_one_code_that_works(saan: Run, town: Town, words: list[str]) -> None:
    code, out, _ = saan(*words)
    assert code == 0 and INVITE.fullmatch(out)
    town.says("ใหม่", out.strip())
    person = town.person("ใหม่")
    assert person is not None and len(person.roles) == 1


def test_officials_are_listed_and_removed(saan: Run, town: Town) -> None:
    town.settle("ต้น", RoleName.OFFICIAL, agency="WORKS")
    town.settle("หัวหน้า", RoleName.HEAD, agency="WORKS")
    known = json.loads(saan("official", "list", "--agency", "WORKS", "--json")[1])
    assert [(row["name"], row["role"]) for row in known] == [("ต้น", "official"), ("หัวหน้า", "head")]
    assert json.loads(saan("official", "list", "--agency", "PEA", "--json")[1]) == []
    user = town.line_id("ต้น")
    assert saan("official", "remove", user, "--agency", "PEA")[0] == 2
    assert saan("official", "remove", user)[0] == 0
    assert saan("official", "remove", user)[0] == 2
    assert user not in saan("official", "list")[1]


@pytest.mark.parametrize("day", ["2020-01-01", "soon", "2027-02-30"])
def test_a_term_needs_a_day_that_is_to_come(saan: Run, town: Town, day: str) -> None:
    code, _, err = saan("coordinator", "invite", "--agency", "CENTER", "--until", day)
    assert code == 2 and "--until" in err


def test_a_term_is_kept_with_the_role(saan: Run, town: Town) -> None:
    code = saan("representative", "invite", "--network", "ROADS", "--until", "2030-09-30")[1].strip()
    town.says("ใหม่", code)
    (row,) = json.loads(saan("representative", "list", "--json")[1])
    assert row["until"] == "2030-09-30T17:00:00Z"


def test_an_invite_to_nowhere_is_refused(saan: Run, town: Town) -> None:
    assert saan("official", "invite", "--agency", "NOPE")[0] == 2
    assert saan("representative", "invite", "--network", "NOPE")[0] == 2


def test_cases_networks_and_mail_come_as_json(saan: Run, town: Town) -> None:
    report(town)
    (case,) = json.loads(saan("cases", "--json")[1])
    assert json.loads(saan("case", case["code"].lower(), "--json")[1]) == case
    assert json.loads(saan("cases", "--status", "closed", "--json")[1]) == []
    networks = json.loads(saan("networks", "--json")[1])
    assert {"code", "members", "metrics"} <= networks[0].keys()
    assert json.loads(saan("network", "ROADS", "--json")[1])["code"] == "ROADS"
    assert json.loads(saan("outbox", "--json")[1]) and json.loads(saan("inbox", "--json")[1]) == []
    quota = json.loads(saan("quota", "--json")[1])
    assert {"quota", "used", "planned", "pushes_per_closed_case", "pushes"} <= quota.keys()
    for words in (
        ["cases"],
        ["case", case["code"]],
        ["networks"],
        ["network", "ROADS"],
        ["outbox"],
        ["quota"],
    ):
        assert saan(*words)[0] == 0
    assert (
        saan("case", "LOE69-9999")[0] == saan("network", "NOPE")[0] == saan("cases", "--status", "x")[0] == 2
    )


def test_exports_open_in_a_spreadsheet_without_running_anything(saan: Run, town: Town) -> None:
    report(town)
    for what in ("cases", "networks", "open-data"):
        table = list(csv.DictReader(io.StringIO(saan("export", what, "--format", "csv")[1])))
        assert len(table) == len(json.loads(saan("export", what, "--format", "json")[1]))
        assert not any(str(cell).startswith(("=", "+", "@")) for row in table for cell in row.values())


def test_a_person_is_exported_and_forgotten(saan: Run, town: Town) -> None:
    report(town)
    line_id = town.line_id("ยายสี")
    assert json.loads(saan("person", "export", line_id)[1])["line_user_id"] == line_id
    assert saan("person", "forget", line_id)[0] == 0
    assert saan("person", "export", line_id)[0] == 2


def test_whoever_reported_on_line_is_not_forgotten_by_the_cases_code(saan: Run, town: Town) -> None:
    report(town)
    code = json.loads(saan("cases", "--json")[1])[0]["code"]
    for deed in ("export", "forget"):
        assert saan("person", deed, code)[0] == 2
    assert "LINE user id" in saan("person", "forget", code)[2]


def test_tick_tells_what_each_job_did_and_that_nobody_listens(saan: Run, town: Town) -> None:
    report(town)
    code, out, err = saan("tick", "--at", "2031-05-06T10:00:00+07:00")
    assert list(json.loads(out)) == [job.name for job in JOBS]
    assert code == 1 and "wait in the outbox" in err
    code, out, _ = saan("tick", "--at", "2031-05-06T10:00:00+07:00")
    assert code == 1 and set(json.loads(out).values()) == {0}
    assert saan("tick", "--at", "2031-05-06T09:00:00+07:00")[0] == 2
    assert saan("tick", "--at", "tomorrow")[0] == 2 and saan("tick", "--at", "2999-01-01")[0] == 2


def test_line_setup_needs_a_public_https_address(saan: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in LINE.items():
        monkeypatch.setenv(name, value)
    code, _, err = saan("line", "setup")
    assert code == 2 and "BASE_URL" in err


def test_a_key_is_printed_once_listed_and_ended(saan: Run, town: Town) -> None:
    code, out, _ = saan("apikey", "new", "--name", "neighbour", "--tokens")
    key = out.strip()
    assert code == 0 and re.fullmatch(r"saan_[A-Za-z0-9_-]{43}", key)
    (row,) = json.loads(saan("apikey", "list", "--json")[1])
    assert (row["name"], row["answers"], row["ended"]) == ("neighbour", "tokens", None)
    assert key not in saan("apikey", "list")[1]
    assert saan("apikey", "remove", str(row["id"]))[0] == 0
    assert saan("apikey", "remove", str(row["id"]))[0] == 2 == saan("apikey", "new", "--name", " ")[0]
    assert json.loads(saan("apikey", "list", "--json")[1])[0]["ended"]


def test_a_webhook_is_subscribed_listed_logged_and_removed(saan: Run, town: Town) -> None:
    code, out, _ = saan("webhook", "add", "https://hooks.example.org/x", "--events", "opened,done", "--json")
    (made,) = json.loads(out)
    assert code == 0 and len(made["secret"]) == 64
    report(town)
    _, listed, _ = saan("webhook", "list", "--json")
    assert made["secret"] not in listed and json.loads(listed)[0]["events"] == ["opened", "done"]
    (line,) = json.loads(saan("webhook", "log", "1", "--json")[1])
    assert (line["event"], line["state"], line["attempts"]) == ("opened", "waiting", 0)
    assert saan("webhook", "remove", "1")[0] == 0
    (row,) = [r for r in json.loads(saan("outbox", "--json")[1]) if r["channel"] == "webhook"]
    assert (row["state"], row["reason"]) == ("parked", "the webhook was removed")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("add", "https://127.0.0.1/x"), "private network"),
        (("add", "http://hooks.example.org/x"), "https"),
        (("add", "https://hooks.example.org/x", "--events", "nonsense"), "unknown event"),
        (("add", "https://hooks.example.org/x", "--agency", "NOBODY"), "unknown agency"),
        (("log", "77"), "no webhook 77"),
        (("remove", "77"), "no webhook 77"),
    ],
)
def test_a_bad_webhook_is_one_clear_line(saan: Run, town: Town, words: tuple[str, ...], reason: str) -> None:
    code, out, err = saan("webhook", *words)
    assert code == 2 and out == "" and reason in err and err.count("\n") == 1
