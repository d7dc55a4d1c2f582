"""Secrets of agencies stand in the environment; the city folder only says where."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from bot.config import Settings
from store import Store
from store.city_folder import CityFolderError, read_city
from store.queries import city as rows
from tests.installation import environment
from tests.town import DEMO_CITY


def with_system(folder: Path, endpoint: str, secret: str) -> Path:
    """A copy of the demo city whose first agency has a system of its own."""
    made = Path(shutil.copytree(DEMO_CITY, folder / "city"))
    table = list(csv.reader((made / "agencies.csv").read_text("utf-8-sig").splitlines()))
    table = [
        [*cells, *(("endpoint", "secret") if n == 0 else (endpoint, secret) if n == 1 else ("", ""))]
        for n, cells in enumerate(table)
    ]
    with (made / "agencies.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(table)
    return made


def test_a_reference_is_kept_and_read_back(tmp_path: Path, store: Store) -> None:
    data = read_city(with_system(tmp_path, "https://311.example.org/v2", "env:SAAN_AGENCY_CENTER_KEY"))
    with store.writing() as unit:
        rows.save(unit, data)
    with store.reading() as unit:
        found = rows.load(unit)
    assert found is not None and found.agencies[0].secret == "env:SAAN_AGENCY_CENTER_KEY"
    assert found.agencies[0].endpoint == "https://311.example.org/v2"


@pytest.mark.parametrize(
    ("endpoint", "secret", "reason"),
    [
        ("", "s3cr3t", "secret must be written as env:SAAN_AGENCY_NAME"),
        ("", "env:SECRET_KEY", "secret must be written as env:SAAN_AGENCY_NAME"),
        ("https://user:pass@x.example", "", "endpoint must be an https address"),
        ("https://x.example?api_key=1", "", "endpoint must be an https address"),
        ("http://x.example", "", "endpoint must be an https address"),
    ],
)
def test_a_plain_secret_is_refused_with_file_row_and_reason_but_never_repeated(
    tmp_path: Path, endpoint: str, secret: str, reason: str
) -> None:
    with pytest.raises(CityFolderError) as refused:
        read_city(with_system(tmp_path, endpoint, secret))
    assert str(refused.value).startswith("agencies.csv row 2: ") and reason in refused.value.reason
    assert "s3cr3t" not in str(refused.value) and "pass@" not in str(refused.value)


def test_only_agencies_names_are_looked_up(tmp_path: Path) -> None:
    settings = Settings.read(environment(tmp_path))
    env = {"SAAN_AGENCY_X": " value ", "SECRET_KEY": "mine"}
    assert settings.agency_secret("env:SAAN_AGENCY_X", env) == "value"
    assert settings.agency_secret("env:SAAN_AGENCY_Y", env) is None
    assert settings.agency_secret("env:SECRET_KEY", env) is None
