"""Tables as files: CSV that Excel opens in Thai, and Excel's own kind. No cell can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response, abort, request

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST_BYTES = 3_000_000
"""Of a table that is sent in."""
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])


def download(kind: str, name: str, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The table as a file; ``kind`` is "csv" or "xlsx", anything else is not found."""
    cells = [[_cell(value) for value in row] for row in rows]
    if kind == "csv":
        return _file(as_csv(heading, cells), "text/csv; charset=utf-8", f"{name}.csv")
    if kind != "xlsx":
        abort(404)
    return _file(_xlsx(name, heading, cells), _EXCEL, f"{name}.xlsx")


def as_csv(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with the mark by which Excel knows it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heading)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    """Words that a spreadsheet would take for a formula are quoted; citizens wrote them."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        value = value.translate(_CONTROLS)
        return f"'{value}" if value.startswith(_FORMULA) else value
    return value


def _xlsx(name: str, heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title, sheet.freeze_panes = name[:31], "A2"
    sheet.append(list(heading))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


class NotText(ValueError):
    """The file is no text in UTF-8; the value names the words for it."""


def uploaded(field: str) -> str:
    """The text of a file that was sent in; raises ``NotText`` with what is wrong."""
    sent = request.files.get(field)
    content = sent.read() if sent is not None else b""
    if not content:
        raise NotText("empty")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotText("not_text") from None
    if "\x00" in text or len(content) > MOST_BYTES:
        raise NotText("not_text")
    return text
