"""Ready answers of a city folder: `templates.csv`, which a folder may leave out."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from store.city_cells import Once, Row
from store.city_data import EVERYWHERE, TEMPLATE_BLANKS, TemplateRow
from store.city_files import rows_of

FILE = "templates.csv"
MOST_LETTERS = 1000
_CODE = re.compile(r"[a-z][a-z0-9_]{0,30}", re.ASCII)
_BLANK = re.compile(r"{([^{}]*)}")


def read_templates(folder: Path, agencies: Collection[str]) -> tuple[TemplateRow, ...]:
    """The rows of the file; none where there is no file. Raises CityFolderError with the row of a fault."""
    if not (folder / FILE).exists():
        return ()
    found, codes = list[TemplateRow](), Once("template")
    for row in rows_of(folder, FILE):
        template = _template(row, agencies)
        codes.add(row, f"{template.agency}/{template.code}")
        found.append(template)
    return tuple(found)


def _template(row: Row, agencies: Collection[str]) -> TemplateRow:
    return TemplateRow(
        agency=row.known("agency", {EVERYWHERE, *agencies}, "agency"),
        code=row.match("code", _CODE, "small letters, digits and underscores"),
        name_th=row.text("name_th"),
        name_en=row.text("name_en"),
        text_th=_text(row, "text_th"),
        text_en=_text(row, "text_en"),
    )


def _text(row: Row, column: str) -> str:
    words = row.text(column)
    if len(words) > MOST_LETTERS:
        row.fail(f"{column} has {len(words)} letters; {MOST_LETTERS} at most")
    unknown = [blank for blank in _BLANK.findall(words) if blank not in TEMPLATE_BLANKS]
    if unknown:
        row.fail(f"{column} has a blank {{{unknown[0]}}}; there are {', '.join(TEMPLATE_BLANKS)}")
    rest = _BLANK.sub("", words)
    if "{" in rest or "}" in rest:
        row.fail(f"{column} has a brace that belongs to no blank")
    return words
