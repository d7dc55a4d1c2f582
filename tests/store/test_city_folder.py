"""The city folder is read whole, or not at all with the file, the row and the reason."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from datetime import date, time
from math import cos, hypot, radians
from pathlib import Path

import geothai
import pytest

import store
from store.city_data import CATEGORY_CODES, CityData
from store.city_folder import CityFolderError, read_city

DEMO = Path(store.__file__).parent / "demo_city"


@pytest.fixture(scope="module")
def city() -> CityData:
    return read_city(DEMO)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the demo city that a test may spoil."""
    return Path(shutil.copytree(DEMO, tmp_path / "city"))


Edit = Callable[[str], str]


def spoil(folder: Path, file: str, edit: Edit) -> None:
    text = (folder / file).read_text(encoding="utf-8-sig")
    spoilt = edit(text)
    assert spoilt != text, "the edit changed nothing"
    (folder / file).write_text(spoilt, encoding="utf-8")


def set_cell(folder: Path, file: str, row: int, column: str, value: str) -> None:
    """Write one cell; rows are numbered as Excel does."""
    table = list(csv.reader((folder / file).read_text(encoding="utf-8-sig").splitlines()))
    table[row - 1][table[0].index(column)] = value
    with (folder / file).open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(table)


def fault(folder: Path) -> CityFolderError:
    with pytest.raises(CityFolderError) as caught:
        read_city(folder)
    return caught.value


# The demo city itself


def test_the_demo_city_is_complete(city: CityData) -> None:
    assert city.city.name_th == "เทศบาลเมืองฟ้าเลย"
    assert city.city.prefix == "LOE"
    assert {category.code for category in city.categories} == set(CATEGORY_CODES)
    assert len(city.places) >= 120
    assert 5 <= len(city.inside) < len(city.areas)
    assert [network.code for network in city.networks] == [
        "ROADS", "NAMMAN", "RIVER", "GREEN", "CARE", "SAFE", "LIVING", "TOWN",
    ]  # fmt: skip


def test_area_codes_and_names_are_the_real_ones(city: CityData) -> None:
    province = geothai.province("42")
    real = {(province.code, province.name_th, province.name_en)} if province else set()
    real |= {(area.code, area.name_th, area.name_en) for area in geothai.districts("42")}
    real |= {(area.code, area.name_th, area.name_en) for area in geothai.subdistricts("4201")}
    assert {(area.code, area.name_th, area.name_en) for area in city.areas} == real


def test_every_demo_place_lies_nearest_to_the_subdistrict_it_names(city: CityData) -> None:
    def metres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
        return 111_200 * hypot(lat - other_lat, (lon - other_lon) * cos(radians(lat)))

    tambons = [area for area in city.areas if area.level == "subdistrict"]
    for place in city.places:
        assert place.lat is not None and place.lon is not None
        nearest = min(tambons, key=lambda area: metres(place.lat, place.lon, area.lat, area.lon))  # type: ignore[arg-type]
        assert nearest.code == place.area, place.name
        assert metres(place.lat, place.lon, nearest.lat, nearest.lon) < nearest.radius_m, place.name


def test_no_name_or_alias_of_a_place_means_two_places_of_one_area(city: CityData) -> None:
    seen: dict[tuple[str, str], str] = {}
    for place in city.places:
        for name in {place.name, *place.aliases}:
            assert seen.setdefault((place.area, name), place.name) == place.name
    assert not {name for _, name in seen} & {area.name_th for area in city.areas}


def test_the_demo_people_are_of_every_role_with_works_and_the_first_network(city: CityData) -> None:
    roles = [person.role for person in city.city.demo_people]
    assert roles == ["citizen", "citizen", "official", "head", "representative", "administrator"]
    by_role = {person.role: person for person in city.city.demo_people}
    assert by_role["official"].agency == by_role["head"].agency == "WORKS"
    assert by_role["representative"].network == city.networks[0].code
    assert [person.language for person in city.city.demo_people][:2] == ["th", "en"]


def test_the_demo_names_the_emergency_numbers(city: CityData) -> None:
    assert [entry.number for entry in city.city.emergency] == ["191", "1669", "199", "1784", "1323"]


def test_agency_and_network_codes_do_not_meet(city: CityData) -> None:
    assert not {agency.code for agency in city.agencies} & {network.code for network in city.networks}


def test_routing_rows_of_one_area_come_before_the_rows_of_everywhere(city: CityData) -> None:
    for category in CATEGORY_CODES:
        areas = [rule.area for rule in city.routing if rule.category == category]
        assert areas == sorted(areas, key=lambda area: area == "*"), category


def test_values_are_read_in_their_types(city: CityData) -> None:
    agencies = {agency.code: agency for agency in city.agencies}
    assert agencies["WORKS"].hours.open == time(8, 30)
    assert agencies["WORKS"].hours.weekdays == {1, 2, 3, 4, 5}
    assert agencies["POLICE"].hours.every_day and agencies["POLICE"].hours.close == time(0)
    rule = next(rule for rule in city.routing if rule.category == "cables")
    assert rule.helpers[0] == ("NBTC", "สั่งผู้ให้บริการให้จัดสาย")
    assert city.city.quiet_from == time(21) and city.city.quiet_to == time(7)
    assert date(2026, 5, 1) in city.holidays_minus and date(2026, 2, 2) in city.holidays_plus


def test_tables_carry_the_mark_that_lets_excel_show_thai() -> None:
    for table in DEMO.glob("*.csv"):
        assert table.read_bytes().startswith(b"\xef\xbb\xbf"), table.name


# What an editor may do


def test_a_folder_saved_by_excel_reads_the_same(folder: Path, city: CityData) -> None:
    for table in folder.glob("*.csv"):
        rows = list(csv.reader(table.read_text(encoding="utf-8-sig").splitlines()))
        rows[0].append("")
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\r\n").writerows([*row, ""][: len(rows[0])] for row in rows)
        table.write_bytes(b"\xef\xbb\xbf" + out.getvalue().encode() + b",,\r\n")
    assert read_city(folder) == city


def test_files_without_a_byte_order_mark_are_accepted(folder: Path, city: CityData) -> None:
    for table in folder.glob("*.csv"):
        table.write_bytes(table.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    assert read_city(folder) == city


def test_columns_may_stand_in_any_order_with_notes_beside(folder: Path, city: CityData) -> None:
    (folder / "holidays.csv").write_text(
        "note,name_th,change,date\nx,วันหยุดของเมือง,+,2026-02-02\n", encoding="utf-8"
    )
    assert [row.name_th for row in read_city(folder).holidays] == ["วันหยุดของเมือง"]


def test_empty_hours_are_the_hours_of_the_city(folder: Path) -> None:
    for column in ("open", "close", "days"):
        set_cell(folder, "agencies.csv", 2, column, "")
    found = read_city(folder)
    assert found.agencies[0].hours == found.city.hours


@pytest.mark.parametrize(
    ("days", "weekdays"),
    [
        ("Mon-Fri", {1, 2, 3, 4, 5}),
        ("1-5", {1, 2, 3, 4, 5}),
        ("mon|Wed", {1, 3}),
        ("Sat\u2013Sun", {6, 7}),
        ("7", {7}),
    ],
)
def test_days_may_be_names_or_numbers(folder: Path, days: str, weekdays: set[int]) -> None:
    set_cell(folder, "agencies.csv", 2, "days", days)
    assert read_city(folder).agencies[0].hours.weekdays == weekdays


def test_a_place_nobody_has_pinned_is_accepted(folder: Path) -> None:
    set_cell(folder, "places.csv", 2, "lat", "")
    set_cell(folder, "places.csv", 2, "lon", "")
    assert read_city(folder).places[0].lat is None


@pytest.mark.parametrize("prefix", ["L", "LOE", "LOEI"])
def test_a_prefix_of_one_three_or_four_letters_is_accepted(folder: Path, prefix: str) -> None:
    set_toml(folder, "prefix", f'"{prefix}"', changes=prefix != "LOE")
    assert read_city(folder).city.prefix == prefix


# Faults of a cell


def set_toml(folder: Path, key: str, value: str, changes: bool = True) -> None:
    if changes:
        spoil(
            folder, "city.toml", lambda text: re.sub(rf"(?m)^{key} = .*$", f"{key} = {value}", text, count=1)
        )


CELLS = [
    ("categories.csv", 2, "plan_hours", "4", "plan_hours 4 is not between 8 and 120"),
    ("categories.csv", 2, "urgent_finish_hours", "500", "is not between"),
    ("networks.csv", 2, "integration", "nobody", "is none of state, prime, third"),
    ("areas.csv", 7, "lat", "95", "lat 95 is not between 5.6 and 20.5"),
    ("areas.csv", 7, "lat", "17,5", "lat '17,5' must be a number"),
    ("areas.csv", 7, "lon", "nan", "lon 'nan' must be a number"),
    ("areas.csv", 7, "radius_m", "", "radius_m is empty"),
    ("areas.csv", 7, "level", "tambon", "level 'tambon' is none of province, district, subdistrict"),
    ("areas.csv", 7, "code", "4203", "duplicate code '4203', already in row 5"),
    ("areas.csv", 7, "code", "420", "code '420' must be 2, 4 or 6 digits"),
    ("areas.csv", 7, "code", "420701", "code '420701' of a district must have 4 digits"),
    ("areas.csv", 7, "parent", "43", "unknown area '43' in parent"),
    ("areas.csv", 7, "parent", "4201", "the parent of a district is a province, not '4201'"),
    ("areas.csv", 7, "inside", "1", "inside = 1 is for subdistricts only"),
    ("areas.csv", 17, "inside", "yes", "inside 'yes' is none of 0, 1"),
    ("places.csv", 3, "area", "429999", "unknown area '429999' in area"),
    ("places.csv", 3, "lon", "", "lon is empty"),
    ("places.csv", 3, "kind", "wat", "kind 'wat' is none of village"),
    ("places.csv", 3, "name", "วัดศรีบุญเรืองฟ้าเลย", "duplicate place"),
    ("places.csv", 3, "aliases", "a|b|a", "aliases names 'a' twice"),
    ("places.csv", 3, "name", "วัด\x00", "name holds a control character"),
    ("categories.csv", 2, "code", "roads", "unknown category 'roads' in code"),
    ("categories.csv", 3, "code", "road", "duplicate code 'road', already in row 2"),
    ("categories.csv", 2, "group", "streets", "unknown group 'streets' in group"),
    ("categories.csv", 2, "mandate", "none", "mandate 'none' is none of law, general, delegated"),
    ("categories.csv", 2, "ack_hours", "0", "ack_hours 0 is not between 0.1 and 10000"),
    ("categories.csv", 2, "finish_hours", "4", "hours must rise"),
    ("agencies.csv", 2, "code", "Center", "code 'Center' must be letters A-Z and dashes"),
    ("agencies.csv", 3, "code", "CENTER", "duplicate code 'CENTER', already in row 2"),
    ("agencies.csv", 2, "sector", "public", "sector 'public' is none of state, local, private, civil"),
    ("agencies.csv", 2, "powers", "road|roof", "unknown category 'roof' in powers"),
    ("agencies.csv", 2, "areas", "", "areas is empty; * means all"),
    ("agencies.csv", 2, "areas", "420101|999999", "unknown area '999999' in areas"),
    ("agencies.csv", 2, "gateway", "fax", "gateway 'fax' is none of line, email, open311, traffy, none"),
    ("agencies.csv", 2, "email", "hello", "email 'hello' must be an e-mail address"),
    ("agencies.csv", 2, "phone", "call me", "phone 'call me' must be a telephone number"),
    ("agencies.csv", 2, "open", "8.30", "open '8.30' must be a time like 08:30"),
    ("agencies.csv", 2, "open", "17:00", "bad hours: open 17:00 is not before close 16:30"),
    ("agencies.csv", 2, "close", "24:30", "close '24:30' must be a time like 08:30"),
    ("agencies.csv", 2, "days", "5-Jan", "days '5-Jan' must be like Mon-Fri"),
    ("agencies.csv", 2, "days", "Fri-Mon", "days 'Fri-Mon' runs backwards"),
    ("agencies.csv", 2, "parent", "NOBODY", "unknown agency 'NOBODY' in parent"),
    ("agencies.csv", 4, "parent", "WATER", "parent 'WATER' runs in a circle"),
    ("routing.csv", 2, "position", "1.5", "position 1.5 must be a whole number"),
    ("routing.csv", 3, "position", "10", "duplicate position '10', already in row 2"),
    ("routing.csv", 2, "area", "all", "unknown area 'all' in area"),
    ("routing.csv", 2, "category", "roads", "unknown category 'roads' in category"),
    ("routing.csv", 2, "lead", "NOBODY", "unknown agency 'NOBODY' in lead"),
    ("routing.csv", 2, "helpers", "WORKS", "helper 'WORKS' must be written as CODE: task"),
    ("routing.csv", 2, "helpers", "NOBODY: x", "unknown agency 'NOBODY' in helpers"),
    ("routing.csv", 2, "helpers", "HIGHWAY: x", "helper 'HIGHWAY' is named twice or leads already"),
    ("routing.csv", 2, "reason_th", "", "reason_th is empty"),
    ("networks.csv", 2, "integrator", "NOBODY", "unknown agency 'NOBODY' in integrator"),
    ("networks.csv", 2, "categories", "", "categories is empty; * means all"),
    ("networks.csv", 2, "areas", "*|420101", "unknown area '*' in areas"),
    ("networks.csv", 2, "level", "command", "level 'command' is none of inform"),
    ("networks.csv", 2, "consensus", "0.4", "consensus 0.4 is not between 0.5 and 1"),
    ("networks.csv", 2, "quorum", "20%", "quorum '20%' must be a number"),
    ("networks.csv", 2, "quorum_least", "0", "quorum_least 0 is not between 1 and 100000"),
    ("networks.csv", 2, "rounds", "1.5", "rounds 1.5 must be a whole number"),
    ("networks.csv", 2, "days", "90", "days 90 is not between 1 and 60"),
    ("networks.csv", 2, "kind", "club", "kind 'club' is none of individual"),
    ("templates.csv", 2, "agency", "NOBODY", "unknown agency 'NOBODY' in agency"),
    ("templates.csv", 2, "code", "Looking", "code 'Looking' must be small letters"),
    ("templates.csv", 3, "code", "looking", "duplicate template '*/looking', already in row 2"),
    ("templates.csv", 2, "text_th", "เรื่อง {number}", "text_th has a blank {number}; there are code, name"),
    ("templates.csv", 2, "text_en", "Case {code", "text_en has a brace that belongs to no blank"),
    ("templates.csv", 2, "text_th", "ก" * 1001, "text_th has 1001 letters; 1000 at most"),
    ("holidays.csv", 2, "date", "2/2/2026", "date '2/2/2026' must be a day like 2026-12-05"),
    ("holidays.csv", 2, "date", "2026-02-30", "date '2026-02-30' is no day of the calendar"),
    ("holidays.csv", 2, "date", "2569-02-02", "write the Christian year (2026?)"),
    ("holidays.csv", 3, "date", "2026-02-02", "duplicate date '2026-02-02', already in row 2"),
    ("holidays.csv", 2, "change", "add", "change 'add' is none of +, -"),
]


def with_column(folder: Path, column: str, value: str) -> None:
    """Routing rows with a column more; the first row has the value, the others leave it empty."""
    lines = (folder / "routing.csv").read_text("utf-8-sig").splitlines()
    more = [
        f"{line},{column if number == 0 else value if number == 1 else ''}"
        for number, line in enumerate(lines)
    ]
    (folder / "routing.csv").write_text("\n".join(more), "utf-8")


@pytest.mark.parametrize(("column", "value"), [("mandate", "law"), ("integrator", "CENTER")])
def test_routing_rows_may_be_narrowed_and_empty_means_all(folder: Path, column: str, value: str) -> None:
    with_column(folder, column, value)
    first, second = read_city(folder).routing[:2]
    assert (getattr(first, column), getattr(second, column)) == (value, "*")


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [("mandate", "royal", "is none of"), ("integrator", "NOBODY", "unknown agency")],
)
def test_a_bad_narrowing_is_named(folder: Path, column: str, value: str, reason: str) -> None:
    with_column(folder, column, value)
    assert fault(folder).row == 2 and reason in fault(folder).reason


def test_targets_that_a_city_leaves_open_are_zero(folder: Path) -> None:
    set_cell(folder, "categories.csv", 2, "plan_hours", "")
    assert read_city(folder).categories[0].plan_hours == 0.0


@pytest.mark.parametrize(("file", "row", "column", "value", "reason"), CELLS)
def test_a_bad_cell_is_named_by_file_row_and_reason(
    folder: Path, file: str, row: int, column: str, value: str, reason: str
) -> None:
    set_cell(folder, file, row, column, value)
    found = fault(folder)
    assert str(found).startswith(f"{file} row {row}: ")
    assert reason in found.reason
    assert (found.file, found.row) == (file, row)


SETTINGS = [
    ("prefix", '"LO"', "[city] prefix 'LO' must be 1, 3 or 4 letters A-Z (2 would look like an invite code)"),
    ("prefix", '"LOEIX"', "[city] prefix"),
    ("prefix", '"loe"', "[city] prefix"),
    ("prefix", '"เลย"', "[city] prefix"),
    ("integrator", '"NOBODY"', "unknown agency 'NOBODY' in integrator"),
    ("province_code", '"99"', "province_code '99' is no province of areas.csv"),
    ("district_code", '"42"', "district_code '42' is no district of areas.csv"),
    ("lat", "0.0", "[city] lat 0 is not between 5.6 and 20.5"),
    ("name_th", '""', "[city] name_th is empty"),
    ("south", "30", "[thailand] south must be below north"),
    ("from", '"9pm"', "[quiet] from '9pm' must be a time like 08:30"),
    ("days", '"everyday"', "[hours] days 'everyday' must be like Mon-Fri"),
    ("number", '"one"', "[emergency 1] number 'one' must be 3 to 5 digits"),
    ("id", '"U1"', "[demo.people 1] id 'U1' must be U and 32 digits"),
    ("id", '"U00000000000000000000000000000002"', "[demo.people 3] duplicate id"),
    ("role", '"king"', "[demo.people 1] role 'king' is none of"),
    ("agency", '"NOBODY"', "unknown agency 'NOBODY'"),
    ("network", '"NOBODY"', "unknown network 'NOBODY'"),
    ("code", "[1]", "[city] code is empty"),
    ("code", "", "not valid TOML"),
]


@pytest.mark.parametrize(("key", "value", "reason"), SETTINGS)
def test_a_bad_setting_is_named_by_section_and_key(folder: Path, key: str, value: str, reason: str) -> None:
    set_toml(folder, key, value)
    assert str(fault(folder)).startswith("city.toml: ")
    assert reason in fault(folder).reason


@pytest.mark.parametrize("section", ["city", "thailand", "hours", "quiet"])
def test_a_missing_section_is_named(folder: Path, section: str) -> None:
    spoil(folder, "city.toml", lambda text: text.replace(f"[{section}]", f"[{section}_off]"))
    assert str(fault(folder)) == f"city.toml: section [{section}] is missing"


# Faults of a file


TABLES = sorted(path.name for path in DEMO.glob("*.csv"))
FILES = ["city.toml", *TABLES]


def test_ready_answers_may_be_left_out(folder: Path) -> None:
    (folder / "templates.csv").unlink()
    assert read_city(folder).templates == ()


OPTIONAL = ("faq.csv", "charters.csv", "templates.csv")


@pytest.mark.parametrize("file", [file for file in FILES if file not in OPTIONAL])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    assert str(fault(folder)).startswith(f"{file}: missing in ")


def test_a_city_may_have_no_written_answers(folder: Path) -> None:
    (folder / "faq.csv").unlink()
    assert read_city(folder).faq == ()


def test_answers_that_fit_no_message_or_name_nobody_are_refused(folder: Path) -> None:
    set_cell(folder, "faq.csv", 2, "answer_th", "ก" * 901)
    assert str(fault(folder)).startswith("faq.csv row 2: answer_th has 901 letters")
    set_cell(folder, "faq.csv", 2, "answer_th", "ได้ค่ะ")
    set_cell(folder, "faq.csv", 3, "agency", "NOBODY")
    assert str(fault(folder)).startswith("faq.csv row 3: unknown agency 'NOBODY'")


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_not_utf8_is_named_with_the_row(folder: Path, file: str) -> None:
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content[: content.index(b"\n") + 1] + "ก".encode("cp874") + content)
    assert str(fault(folder)) == f"{file} row 2: not UTF-8; save it as 'CSV UTF-8'"


@pytest.mark.parametrize("file", TABLES)
def test_a_missing_column_is_named(folder: Path, file: str) -> None:
    first = (DEMO / file).read_text(encoding="utf-8-sig").split(",")[0]
    spoil(folder, file, lambda text: text.replace(first, "x", 1))
    assert str(fault(folder)) == f"{file} row 1: missing column {first}"


@pytest.mark.parametrize("file", TABLES)
def test_an_empty_table_file_is_named(folder: Path, file: str) -> None:
    (folder / file).write_text("", encoding="utf-8")
    assert fault(folder).file == file


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "missing in" in str(fault(tmp_path / "nowhere"))


def test_a_folder_in_the_place_of_a_file_is_named(folder: Path) -> None:
    (folder / "areas.csv").unlink()
    (folder / "areas.csv").mkdir()
    assert str(fault(folder)).startswith("areas.csv: cannot be read")


def test_a_comma_outside_quotes_is_told_as_such(folder: Path) -> None:
    spoil(folder, "holidays.csv", lambda text: text + "2029-02-02,+,วันหยุด, ของเมือง\n")
    assert str(fault(folder)).startswith("holidays.csv row 9: 4 cells where the heading has 3")


def test_a_quote_left_open_is_told_as_such(folder: Path) -> None:
    spoil(folder, "holidays.csv", lambda text: text + '2029-02-02,+,"วันหยุด\n')
    assert str(fault(folder)).startswith("holidays.csv row 9: not valid CSV")


def test_blank_rows_are_skipped_and_counted(folder: Path) -> None:
    spoil(folder, "holidays.csv", lambda text: text.replace("\n", "\n\n,,\n", 1) + "soon,+,x\n")
    assert fault(folder).row == 11


def test_rows_after_a_cell_of_several_lines_keep_excels_number(folder: Path) -> None:
    spoil(folder, "holidays.csv", lambda text: text + '2029-02-02,+,"วัน\nหยุด"\nsoon,+,x\n')
    assert fault(folder).row == 10


def test_a_category_left_out_is_named(folder: Path) -> None:
    spoil(folder, "categories.csv", lambda text: "\n".join(text.splitlines()[:-1]))
    assert str(fault(folder)) == "categories.csv: missing category other"


def test_a_city_that_serves_no_area_is_refused(folder: Path) -> None:
    spoil(folder, "areas.csv", lambda text: re.sub(r",1,(?=[^,]*$)", ",0,", text, flags=re.MULTILINE))
    assert "serves nobody" in str(fault(folder))


def test_a_network_without_columns_of_its_charter_has_the_usual_rules(folder: Path) -> None:
    rows = [line.rsplit(",", 5)[0] for line in (folder / "networks.csv").read_text("utf-8-sig").splitlines()]
    (folder / "networks.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    network = read_city(folder).networks[0]
    rules = (network.consensus, network.quorum, network.quorum_least, network.rounds, network.days)
    assert rules == (0.7, 0.2, 2, 2, 7)
