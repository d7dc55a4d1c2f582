"""What a city folder says of agencies with a system of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from store import Store
from store.city_cells import CityFolderError
from store.city_folder import read_city
from store.queries import city
from tests.town import DEMO_CITY

OWN = ",endpoint,secret,remote_id,intake"
SERVER = ",https://open311.example/v2,env:SAAN_AGENCY_HIGHWAY,loei.example,"


def folder(tmp_path: Path, gateway: str, cells: str, rows: str | None) -> Path:
    """The demo city with the highways district changed."""
    made = tmp_path / "city"
    shutil.copytree(DEMO_CITY, made)
    lines = (made / "agencies.csv").read_text("utf-8-sig").splitlines()
    lines = [line + (OWN if number == 0 else ",,,,") for number, line in enumerate(lines)]
    lines = [
        line.removesuffix(",,,,").replace(",email,", f",{gateway},") + cells
        if line.startswith("HIGHWAY,")
        else line
        for line in lines
    ]
    (made / "agencies.csv").write_text("\n".join(lines), "utf-8")
    if rows is not None:
        (made / "open311.csv").write_text(f"agency,category,service_code\n{rows}", "utf-8")
    return made


def test_an_agency_with_its_server_is_read_and_kept(tmp_path: Path, store: Store) -> None:
    data = read_city(folder(tmp_path, "open311", SERVER, "HIGHWAY,road,pothole\nHIGHWAY,*,general\n"))
    with store.writing() as unit:
        city.save(unit, data)
    with store.reading() as unit:
        kept = city.load(unit)
    assert kept == data
    assert [row.service_code for row in data.service_codes] == ["pothole", "general"]


FAULTS = [
    ("open311", SERVER, None, "no service_code"),
    ("open311", ",,,,", "HIGHWAY,road,x\n", "endpoint is empty"),
    ("open311", SERVER, "HIGHWAY,road,x\nHIGHWAY,road,y\n", "duplicate category"),
    ("open311", SERVER, "WORKS,road,x\n", "unknown agency with gateway open311"),
    ("open311", SERVER, "HIGHWAY,roads,x\n", "unknown category"),
    ("traffy", ",,,,", None, "remote_id is empty"),
    ("traffy", ",,,77,yes", None, "intake 'yes' is none of 0, 1"),
]


@pytest.mark.parametrize(("gateway", "cells", "rows", "reason"), FAULTS)
def test_faults_are_named(tmp_path: Path, gateway: str, cells: str, rows: str | None, reason: str) -> None:
    with pytest.raises(CityFolderError, match=reason):
        read_city(folder(tmp_path, gateway, cells, rows))


def settings(tmp_path: Path, section: str) -> Path:
    made = tmp_path / "city"
    shutil.copytree(DEMO_CITY, made)
    text = (made / "city.toml").read_text("utf-8")
    start, end = text.index("[open_data]"), text.index("[[emergency]]")
    (made / "city.toml").write_text(text[:start] + section + text[end:], "utf-8")
    return made


def test_the_open_data_section_is_read_kept_and_may_be_left_out(tmp_path: Path, store: Store) -> None:
    own = '[open_data]\njurisdiction = "loei.go.th"\nlicence = "ODbL 1.0"\nlicence_url = "https://odbl.example/1"\n'
    data = read_city(settings(tmp_path, own))
    with store.writing() as unit:
        city.save(unit, data)
    with store.reading() as unit:
        assert city.load(unit) == data
    assert (data.city.jurisdiction, data.city.licence) == ("loei.go.th", "ODbL 1.0")
    shutil.rmtree(tmp_path / "city")
    bare = read_city(settings(tmp_path, "")).city
    assert (bare.jurisdiction, bare.licence) == ("", "CC BY 4.0")


@pytest.mark.parametrize(
    "section",
    [
        "[open_data]\n",
        '[open_data]\njurisdiction = "two words"\n',
        '[open_data]\njurisdiction = "x"\nlicence = "my own"\n',
        '[open_data]\njurisdiction = "x"\nlicence = "my own"\nlicence_url = "javascript:alert(1)"\n',
    ],
)
def test_a_faulty_open_data_section_is_named(tmp_path: Path, section: str) -> None:
    with pytest.raises(CityFolderError, match="open_data"):
        read_city(settings(tmp_path, section))
