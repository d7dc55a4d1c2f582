"""Reads charters.csv of a city folder: what members of each network agree to, and how the network is built."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from store.city_cells import Once, Row
from store.city_data import COMMITTED, STRUCTURES, CharterRow, NetworkRow
from store.city_files import rows_of

FILE = "charters.csv"


def read_charters(
    folder: Path, networks: Sequence[NetworkRow]
) -> tuple[tuple[NetworkRow, ...], tuple[CharterRow, ...]]:
    """The networks with their structure, and their charters by code; the file may be missing."""
    if not (folder / FILE).exists():
        return tuple(networks), ()
    known = {row.code: row for row in networks}
    charters, codes = list[CharterRow](), Once("network")
    for row in rows_of(folder, FILE):
        code = row.known("network", known, "network")
        codes.add(row, code)
        known[code] = replace(known[code], structure=row.choice("structure", STRUCTURES))
        charters.append(_charter(row, code))
    return tuple(known.values()), tuple(sorted(charters, key=lambda charter: charter.network))


def _charter(row: Row, code: str) -> CharterRow:
    commitments = []
    for kind in COMMITTED:
        thai, english = row.parts(f"{kind}_th"), row.parts(f"{kind}_en")
        if len(thai) != len(english):
            row.fail(f"{kind}_th and {kind}_en must hold the same number of commitments")
        if thai:
            commitments.append((kind, thai, english))
    return CharterRow(code, row.text("text_th"), row.text("text_en"), tuple(commitments))
