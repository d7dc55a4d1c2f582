"""GeoReport v2 as rules: what a request must say, which times it may ask for, what our statuses are called there.

Everything here takes what came over the wire as strings and gives values or a ``Refused``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from store.words import OPEN, Status

WINDOW = timedelta(days=90)
MOST_ROWS = 1000
MOST_WORDS = 4000
MOST_CODES = 100
_W3 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
_URL = re.compile(r"https?://[^\s\"<>]{3,500}")

OPENED, CLOSED = "open", "closed"
_FINER = {
    Status.NEW: "RECEIVED",
    Status.OFFERED: "RECEIVED",
    Status.ACCEPTED: "ACKNOWLEDGED",
    Status.IN_PROGRESS: "IN_PROGRESS",
    Status.WAITING: "IN_PROGRESS",
    Status.REOPENED: "OPEN",
    Status.DONE: "FIXED",
    Status.CLOSED: "FIXED",
    Status.REJECTED: "NOT_RESPONSIBLE",
    Status.MERGED: "DUPLICATE",
}
"""The finer words that FixMyStreet and others use in updates."""


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong with a request: the standard's code and a sentence for its programmer."""

    code: int
    description: str


class Refused(Exception):
    """A request that can't be answered; ``wrongs`` are told all at once."""

    def __init__(self, *wrongs: Wrong) -> None:
        self.wrongs = wrongs
        super().__init__("; ".join(w.description for w in wrongs))


def status_of(status: str) -> str:
    """ "open" or "closed"."""
    return OPENED if status in OPEN else CLOSED


def finer_of(status: str) -> str:
    return _FINER[Status(status)]


def statuses(wanted: str) -> tuple[str, ...]:
    """Our statuses for a list like "open,closed"; () for all."""
    words = {word.strip().lower() for word in wanted.split(",") if word.strip()}
    unknown = words - {OPENED, CLOSED}
    if unknown:
        raise Refused(Wrong(400, f"status must be open or closed, not {', '.join(sorted(unknown))[:80]}"))
    if words in (set(), {OPENED, CLOSED}):
        return ()
    return tuple(s for s in Status if status_of(s) in words)


def moment(name: str, text: str) -> datetime | None:
    """An instant as the W3 note writes it (with its zone); None for an empty text."""
    if not text:
        return None
    # A plus sign that nobody encoded has become a blank on its way.
    text = text.strip().replace(" ", "+")
    if not _W3.fullmatch(text):
        raise Refused(Wrong(400, f"{name} must be a time like 2026-11-23T02:00:00Z"))
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(Wrong(400, f"{name} is no time of the calendar")) from None


def window(start: str, end: str, now: datetime, name: str = "date") -> tuple[datetime, datetime]:
    """From when till when: 90 days at most; what is left out makes it the 90 days before or after the other."""
    first, last = moment(f"start_{name}", start), moment(f"end_{name}", end)
    try:
        if first is None:
            last = last or now.astimezone(UTC) + timedelta(seconds=1)
            first = last - WINDOW
        last = last or first + WINDOW
    except OverflowError:
        raise Refused(Wrong(400, "the time is too far away")) from None
    if last < first:
        raise Refused(Wrong(400, f"end_{name} lies before start_{name}"))
    if last - first > WINDOW:
        raise Refused(Wrong(400, "the time between start and end must not be longer than 90 days"))
    return first, last


def codes(text: str) -> tuple[str, ...]:
    """Values with commas between, each once."""
    found = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if len(found) > MOST_CODES:
        raise Refused(Wrong(400, f"at most {MOST_CODES} values at once"))
    return found


def page(number: str, size: str) -> tuple[int, int]:
    """(offset, rows) of a page counted from 1."""
    n, rows = _whole("page", number, 1, 100_000), _whole("page_size", size, MOST_ROWS, MOST_ROWS)
    return (n - 1) * rows, rows


def _whole(name: str, text: str, usual: int, most: int) -> int:
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most and len(text) < 9):
        raise Refused(Wrong(400, f"{name} must be a whole number from 1 to {most}"))
    return int(text)


# --- what is sent to us


@dataclass(frozen=True)
class Sent:
    """A request as another system sends it. The point is None where only an address was given."""

    service: str
    description: str
    lat: float | None
    lon: float | None
    address: str
    area: str
    name: str
    phone: str
    email: str
    media_url: str
    attributes: Mapping[str, tuple[str, ...]]
    account_id: str = ""
    device_id: str = ""


def read_sent(fields: Mapping[str, str], attributes: Mapping[str, tuple[str, ...]]) -> Sent:
    """The fields of a POST; raises ``Refused`` with everything that is wrong."""
    wrongs: list[Wrong] = []
    lat, lon = _point(fields, wrongs)
    address, area = fields.get("address_string", "").strip(), fields.get("address_id", "").strip()
    if lat is None and not address and not area:
        wrongs.append(Wrong(400, "a place is needed: lat and long, address_string or address_id"))
    description = fields.get("description", "").strip()
    if len(description) > MOST_WORDS:
        wrongs.append(Wrong(400, f"description is longer than {MOST_WORDS} characters"))
    for name, most in (("address_string", 500), ("first_name", 80), ("last_name", 80), ("phone", 40)):
        if len(fields.get(name, "")) > most:
            wrongs.append(Wrong(400, f"{name} is longer than {most} characters"))
    for name, shape in (("email", _EMAIL), ("media_url", _URL)):
        if fields.get(name, "").strip() and not shape.fullmatch(fields[name].strip()):
            wrongs.append(Wrong(400, f"{name} can't be read"))
    if wrongs:
        raise Refused(*wrongs)
    return Sent(
        service=fields.get("service_code", "").strip(),
        description=description,
        lat=lat,
        lon=lon,
        address=address,
        area=area,
        name=" ".join(fields.get(n, "").strip() for n in ("first_name", "last_name")).strip(),
        phone=fields.get("phone", "").strip(),
        email=fields.get("email", "").strip(),
        media_url=fields.get("media_url", "").strip(),
        attributes=attributes,
        account_id=fields.get("account_id", "")[:120],
        device_id=fields.get("device_id", "")[:120],
    )


def _point(fields: Mapping[str, str], wrongs: list[Wrong]) -> tuple[float | None, float | None]:
    texts = fields.get("lat", "").strip(), fields.get("long", "").strip()
    if texts == ("", ""):
        return None, None
    try:
        lat, lon = float(texts[0]), float(texts[1])
    except ValueError:
        wrongs.append(Wrong(400, "lat and long must both be numbers"))
        return None, None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        wrongs.append(Wrong(400, "lat and long must be degrees (WGS84)"))
        return None, None
    return lat, lon


@dataclass(frozen=True)
class Update:
    """News about a request from the system that made it."""

    code: str
    closed: bool
    description: str
    update_id: str
    at: datetime | None
    media_url: str


def read_update(fields: Mapping[str, str]) -> Update:
    """The fields of a POST of an update; raises ``Refused`` with everything that is wrong."""
    wrongs = [
        Wrong(400, f"{name} was not provided")
        for name in ("service_request_id", "status", "description")
        if not fields.get(name, "").strip()
    ]
    status = fields.get("status", "").strip().upper()
    if status and status not in ("OPEN", "CLOSED"):
        wrongs.append(Wrong(400, "status must be OPEN or CLOSED"))
    if len(fields.get("description", "")) > MOST_WORDS:
        wrongs.append(Wrong(400, f"description is longer than {MOST_WORDS} characters"))
    media_url = fields.get("media_url", "").strip()
    if media_url and not _URL.fullmatch(media_url):
        wrongs.append(Wrong(400, "media_url can't be read"))
    if wrongs:
        raise Refused(*wrongs)
    return Update(
        code=fields["service_request_id"].strip(),
        closed=status == "CLOSED",
        description=fields["description"].strip(),
        update_id=fields.get("update_id", "").strip()[:120],
        at=moment("updated_datetime", fields.get("updated_datetime", "")),
        media_url=media_url,
    )
