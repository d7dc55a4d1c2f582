"""Reads `open311.csv`: what each agency's Open311 server calls our categories."""

from __future__ import annotations

import re
from pathlib import Path

from store.city_cells import CityFolderError, Once
from store.city_data import CATEGORY_CODES, EVERYWHERE, AgencyRow, ServiceCodeRow
from store.city_files import rows_of

FILE = "open311.csv"
_CODE = re.compile(r"[^\s]{1,80}")


def read_service_codes(folder: Path, agencies: tuple[AgencyRow, ...]) -> tuple[ServiceCodeRow, ...]:
    """The rows of the file; () for a folder without one. Faults raise CityFolderError."""
    known = {agency.code for agency in agencies if agency.gateway == "open311"}
    found = _rows(folder, known) if (folder / FILE).exists() else ()
    for code in sorted(known - {row.agency for row in found}):
        raise CityFolderError(FILE, None, f"agency {code!r} has gateway open311 and no service_code here")
    return found


def _rows(folder: Path, agencies: set[str]) -> tuple[ServiceCodeRow, ...]:
    found, seen = list[ServiceCodeRow](), Once("category")
    for row in rows_of(folder, FILE):
        entry = ServiceCodeRow(
            agency=row.known("agency", agencies, "agency with gateway open311"),
            category=row.known("category", {EVERYWHERE, *CATEGORY_CODES}, "category"),
            service_code=row.match("service_code", _CODE, "a code without blanks"),
        )
        seen.add(row, f"{entry.category} of {entry.agency}")
        found.append(entry)
    return tuple(found)
