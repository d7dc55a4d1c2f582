"""A whole town in memory of a test: people talk, the clock moves, everything the bot would send is seen.

Decisions run through the real dispatcher and database; what is sent is read from the outbox as neutral words, so a
chat can be printed and reviewed by people who do not program.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Table, insert, select

from bot.agencies.letter import as_text
from bot.line.render import render
from handlers import dispatch
from handlers.flows import by_mail
from handlers.flows.by_mail import Came
from handlers.house import House
from handlers.incoming import Incoming, Kind
from handlers.messages.mail import Mail
from handlers.ports import SendResult, Sent
from handlers.rules.invites import read_code
from handlers.services import bridge_health, people
from handlers.services.mail_links import token
from handlers.talk import Scene
from nlp import Model
from nlp.built import load_or_train
from scheduler import jobs
from store import Store, Unit
from store.city_folder import read_city
from store.models import Case, Outbox, Person, RemoteCase
from store.models.base import Base
from store.queries import city as city_rows
from store.queries.people import by_line_id
from store.schema import migrate
from store.traffy_words import traffy_words
from store.words import RoleName
from tests import line_judge

BANGKOK = ZoneInfo("Asia/Bangkok")
DEMO_CITY = Path(__file__).parents[1] / "store" / "demo_city"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=BANGKOK)
"""A working Monday morning in the demo city."""

JOBS = tuple(job.run for job in jobs.JOBS if not job.errand)


@cache
def model() -> Model:
    """The classifier as shipped, trained once per corpus."""
    return load_or_train()


@cache
def _demo_city() -> list[tuple[Table, list[dict[str, Any]]]]:
    """The demo city as rows: saved once as any city, then copied, because hundreds of towns begin with it."""
    with TemporaryDirectory() as folder:
        migrate(url := f"sqlite:///{folder}/city.db")
        store = Store(url)
        with store.writing() as unit:
            city_rows.save(unit, read_city(DEMO_CITY))
        with store.reading() as unit:
            found = [(table, _rows_of(unit, table)) for table in Base.metadata.sorted_tables]
        store.close()
    return [(table, rows) for table, rows in found if rows]


def _rows_of(unit: Unit, table: Table) -> list[dict[str, Any]]:
    """Without the ids that the database gives."""
    given = isinstance(table.c["id"].type, BigInteger) if "id" in table.c else False
    rows = unit.session.execute(select(table)).mappings()
    return [{name: value for name, value in row.items() if not (given and name == "id")} for row in rows]


@dataclass
class Seen:
    """One send as its reader sees it."""

    to: str
    purpose: str
    messages: list[dict[str, Any]]
    how: str

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """(label, data) of everything that can be tapped."""
        return [pair for message in self.messages for pair in _buttons(message)]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def lines(self) -> list[str]:
        if self.how == "email":
            written = as_text(Mail.from_json(self.messages[0]), lambda _nonce: "(link)")
            return [self.messages[0]["subject"], *written.strip().split("\n")]
        if self.how in ("traffy", "open311"):
            body = self.messages[0]
            return [f"({body['do']} {body.get('state', '')}".rstrip() + ")", *body["text"].split("\n")]
        return [line for message in self.messages for line in lines_of(message)]


@dataclass
class Town:
    """The demo city with named people."""

    store: Store
    now: datetime = MONDAY
    names: dict[str, str] = field(default_factory=dict)
    judged: bool = True
    """Every send is shown to LINE's strict description; off where thousands of alike ones would take minutes."""
    pace: timedelta = timedelta(seconds=20)
    """How long one thing that somebody does takes."""
    seen: list[Seen] = field(default_factory=list)
    _ids: Any = field(default_factory=lambda: itertools.count(1))
    _last: int = 0

    def __post_init__(self) -> None:
        self.house = House(
            render=render,
            model=model,
            base_url="https://saan.example",
            zone=BANGKOK,
            clock=self.now.timestamp,
        )
        with self.store.writing() as unit:
            if not city_rows.version(unit):  # else it was loaded with the installation
                for table, rows in _demo_city():
                    unit.session.execute(insert(table), rows)

    # --- people

    def line_id(self, name: str) -> str:
        if name not in self.names:
            self.names[name] = f"U{len(self.names) + 1:032x}"
        return self.names[name]

    def code_for(
        self, role: RoleName, *, agency: str | None = None, network: str | None = None, name: str = ""
    ) -> str:
        with self.store.writing() as unit:
            return people.new_invite(unit, self.now, role, agency=agency, network=network, name=name)

    def settle(self, name: str, role: RoleName | None = None, *, agency: str = "", network: str = "") -> None:
        """Somebody who has agreed already, and may hold a role; what the bot said to that is forgotten."""
        if role is not None:
            self.says(name, self.code_for(role, agency=agency or None, network=network or None, name=name))
        self.taps_data(name, "do=consent&ok=1")
        self.seen.clear()

    # --- what people do

    def says(self, name: str, text: str, **more: Any) -> list[Seen]:
        return self.does(name, Kind.TEXT, text=text, message_id=str(next(self._ids)), **more)

    def sends(self, name: str, kind: Kind, **more: Any) -> list[Seen]:
        return self.does(name, kind, message_id=str(next(self._ids)), **more)

    def taps(self, name: str, label: str) -> list[Seen]:
        """Tap the newest button whose label starts so."""
        for seen in reversed(self.seen):
            for shown, data in reversed(seen.buttons) if seen.to == self.line_id(name) else ():
                if shown.startswith(label):
                    return self.taps_data(name, data)
        raise AssertionError(f"{name} sees no button {label!r}; there are {self.visible(name)}")

    def last_code(self, name: str) -> str:
        """The invite code that somebody was shown last."""
        shown = [
            line for seen in self.seen if seen.to == self.line_id(name) for line in seen.text.split("\n")
        ]
        return next(code for line in reversed(shown) if (code := read_code(line)))

    def taps_data(self, name: str, data: str) -> list[Seen]:
        return self.does(name, Kind.TAP, data=dict(parse_qsl(data, keep_blank_values=True)))

    def visible(self, name: str) -> list[str]:
        return [b for s in self.seen if s.to == self.line_id(name) for b, _ in s.buttons]

    def does(self, name: str, kind: Kind, **fields: Any) -> list[Seen]:
        """One event through the dispatcher; returns everything it made the bot send, to anybody."""
        user = self.line_id(name)
        number = next(self._ids)
        incoming = Incoming(
            event_id=f"event-{number}",
            kind=kind,
            conversation=fields.get("group") or user,
            at=self.now,
            user=user,
            reply_token=f"token-{number}",
            reply_until=self.now.timestamp() + 50,
            **fields,
        )
        with self.store.writing() as unit:
            dispatch.decide(self.house, unit, incoming, self.now)
        self.now += self.pace
        return self._new()

    # --- agencies that are not on LINE

    def turn_on_mail(self) -> None:
        """Agencies with an address get mails from now on, and their answers are read."""
        self.house.channels, self.house.mail_replies = frozenset({"email"}), True

    def mail_to(self, address: str) -> Mail:
        """The newest mail to that address."""
        found = next(s for s in reversed(self.seen) if s.how == "email" and s.to == address)
        return Mail.from_json(found.messages[0])

    def follows_link(self, address: str, label: str, text: str = "", why: str = "", photos: int = 0) -> Came:
        """Press the button behind a link of the newest mail that has it."""
        mails = [Mail.from_json(s.messages[0]) for s in self.seen if s.how == "email" and s.to == address]
        act = next(act for mail in reversed(mails) for act in mail.acts if act.label.startswith(label))
        return self.uses_link(act.nonce, text, why, photos)

    def uses_link(self, nonce: str, text: str = "", why: str = "", photos: int = 0) -> Came:
        tokens = tuple(f"picture-{next(self._ids)}" for _ in range(photos))
        with self.store.writing() as unit:
            scene = Scene(self.house, unit, self.now, self.now.timestamp())
            _, came = by_mail.by_link(scene, token(self.house, nonce), text, why, tokens)
        self.now += timedelta(seconds=20)
        return came

    def answers_mail(self, address: str, text: str, photos: int = 0, **changed: Any) -> list[Seen]:
        """Answer the newest mail as a mail program would, cut down to what the reader finds in it."""
        number = next(self._ids)
        mail = {
            "id": f"mail-{number}",
            "sender": address,
            "subject": "Re: " + self.mail_to(address).subject,
            "text": text,
            "words": [token(self.house, self.mail_to(address).reply)],
            "refers": [],
            "automatic": False,
            "bounced": "",
            "photos": [f"picture-{number}-{n}" for n in range(photos)],
            "too_big": False,
            **changed,
        }
        incoming = Incoming(
            mail["id"], Kind.MAIL, f"mail:{address}", self.now, data={"mail": json.dumps(mail)}
        )
        with self.store.writing() as unit:
            dispatch.decide(self.house, unit, incoming, self.now)
        self.now += timedelta(seconds=20)
        return self._new()

    # --- agencies that work in Traffy Fondue

    def turn_on_traffy(self, agency: str) -> None:
        """That agency gets its cases there from now on."""
        self.house.clock = lambda: self.now.timestamp()
        self.house.channels = self.house.channels | {"traffy"}
        data = read_city(DEMO_CITY)
        own = {"gateway": "traffy", "remote_id": agency}
        agencies = tuple(replace(a, **(own if a.code == agency else {})) for a in data.agencies)
        with self.store.writing() as unit:
            city_rows.save(unit, replace(data, agencies=agencies))
        self.house._book = None

    def traffy_says(self, state: str, text: str) -> list[Seen]:
        """What a reading of the newest ticket finds; ``state`` in Traffy's words."""
        number = next(self._ids)
        with self.store.writing() as unit:
            remote = unit.session.scalars(select(RemoteCase).order_by(RemoteCase.id.desc()).limit(1)).one()
            update = {"key": f"entry-{number}", "text": text, "group": "", "photos": []}
            reading = {
                "remote": remote.id,
                "state": traffy_words().states[state],
                "updates": [update],
                "ticket": {},
            }
            said = {"reading": json.dumps(reading)}
            incoming = Incoming(f"reading-{number}", Kind.READING, "traffy", self.now, data=said)
            dispatch.decide(self.house, unit, incoming, self.now)
        return self._new()

    def traffy_answers(self, kind: Sent) -> list[Seen]:
        """How a call of Traffy ends just now."""
        with self.store.writing() as unit:
            bridge_health.heard(self.house, unit, "traffy", SendResult(kind, "answered 500"))
        return self._new()

    # --- time

    def wait(self, *, until: datetime | None = None, **length: float) -> list[Seen]:
        """Let the clock run in one step, with everything that falls due."""
        self.now = until or self.now + timedelta(**length)
        self.run_jobs()
        return self._new()

    def run_jobs(self) -> int:
        done = 0
        for job in JOBS:
            with self.store.writing() as unit:
                done += job(Scene(self.house, unit, self.now, self.now.timestamp()))
        return done

    # --- what came of it

    def _new(self) -> list[Seen]:
        with self.store.reading() as unit:
            rows = unit.session.scalars(select(Outbox).where(Outbox.id > self._last).order_by(Outbox.id))
            fresh = [Seen(row.to, row.purpose, row.messages, _how(row)) for row in rows if row.messages]
            self._last = unit.session.scalar(select(Outbox.id).order_by(Outbox.id.desc()).limit(1)) or 0
        for seen in fresh if self.judged else ():
            if seen.how not in ("reply", "push"):
                continue
            refused = line_judge.refusal(seen.messages)
            assert refused is None, f"LINE would refuse this: {refused}"
        self.seen += fresh
        return fresh

    def case(self, code: str = "") -> Case:
        """The case of that code, or the newest, with everything loaded."""
        with self.store.reading() as unit:
            query = (
                select(Case).where(Case.code == code)
                if code
                else select(Case).order_by(Case.id.desc()).limit(1)
            )
            case = unit.session.scalars(query).one()
            for part in ("reports", "helpers", "history", "photos", "followers", "deadlines"):
                getattr(case, part)
            return case

    def cases(self) -> int:
        with self.store.reading() as unit:
            return len(list(unit.session.scalars(select(Case.id))))

    def person(self, name: str) -> Person | None:
        with self.store.reading() as unit:
            return by_line_id(unit, self.line_id(name))

    def name_of(self, line_id: str) -> str:
        return next((name for name, known in self.names.items() if known == line_id), line_id)


def _how(row: Outbox) -> str:
    if row.channel != "line":
        return row.channel
    return "reply" if row.reply_token else "push"


def _buttons(node: Any) -> list[tuple[str, str]]:
    """Every action of a message in reading order, quick replies last."""
    if isinstance(node, list):
        return [pair for item in node for pair in _buttons(item)]
    if not isinstance(node, dict):
        return []
    found = []
    action = node.get("action")
    if isinstance(action, dict) and action.get("type"):
        found.append((action.get("label", ""), action.get("data", action.get("uri", ""))))
    return found + [pair for key, value in node.items() if key != "action" for pair in _buttons(value)]


def lines_of(message: dict[str, Any]) -> list[str]:
    """A message as lines of text: words as they stand, buttons in brackets."""
    if message["type"] == "text":
        lines = message["text"].split("\n")
    elif message["type"] == "image":
        lines = ["(รูป)"]
    else:
        lines = _flex(message["contents"])
    quick = message.get("quickReply", {}).get("items", [])
    return lines + ([" ".join(f"[{item['action']['label']}]" for item in quick)] if quick else [])


def _flex(node: Any) -> list[str]:
    if isinstance(node, list):
        return [line for item in node for line in _flex(item)]
    if not isinstance(node, dict):
        return []
    kind = node.get("type")
    if kind == "text":
        words = node.get("text") or "".join(span.get("text", "") for span in node.get("contents", []))
        return words.split("\n")
    if kind == "button":
        return [f"[{node['action']['label']}]"]
    if kind == "image":
        return ["(รูป)"]
    if kind == "box" and node.get("layout") in ("baseline", "horizontal"):
        inner = _flex(node.get("contents", []))
        label = [f"[{node['action']['label']}]"] if node.get("action", {}).get("label") else []
        return label or (
            [" · ".join(inner)] if inner and not any(i.startswith("[") for i in inner) else inner
        )
    parts = [node.get(key) for key in ("hero", "header", "body", "contents", "footer")]
    return [line for part in parts if part for line in _flex(part)]


def words(seen: Sequence[Seen]) -> str:
    """All words of several sends."""
    return "\n".join(s.text for s in seen)


CODE = re.compile(r"LOE\d\d-\d{4,}")
