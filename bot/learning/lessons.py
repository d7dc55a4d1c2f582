"""What a training gets to learn from beside the corpus, and how much of it is believed.

An official knows what her office calls a thing; a representative knows her network; a citizen knows her problem but
not our names for it. A city's history was tagged by words or in haste: about a quarter of it is wrong, and wrong tags
do more harm than right ones do good. So corrections by people in charge are taken as they are, and the rest only where
a classifier that knows nothing but the corpus agrees: what remains teaches the city's own words for things.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import nlp
from nlp import Row, Understander, Understanding

WEIGHTS: Mapping[str, float] = {
    "official": 1.0,
    "coordinator": 1.0,
    "representative": 0.7,
    "citizen": 0.5,
    "history": 0.15,
}
"""How much a row counts beside a row of the corpus (1)."""
IN_CHARGE = ("official", "coordinator", "representative")
PLAUSIBLE = 0.3
"""Least probability the classifier must give to the category of a row of the history, its first choice."""
MOST_JUDGED = 1500
"""Rows of one category that are looked at; the same ones every time."""
CORPUS_SHARE = 2
LEAST_OF_A_CATEGORY = 50
"""Of one category the history gives at most twice what the corpus has, so that a flood can't tilt the balance."""

_DIGITS = 6


@dataclass(frozen=True)
class Taught:
    """A correction by a person: ``case`` groups what was said about one case; later ones come later."""

    text: str
    category: str
    role: str
    case: int | None = None


@dataclass(frozen=True)
class Lessons:
    """What there is to learn, untouched. ``files``: rows of added files; ``history``: the city's imported past."""

    corrections: Sequence[Taught] = ()
    files: Sequence[Row] = ()
    history: Sequence[Row] = ()

    def __len__(self) -> int:
        return len(self.corrections) + len(self.files) + len(self.history)


@dataclass(frozen=True)
class Believed:
    """What is learnt of it. ``files`` and ``history`` teach categories only, with little weight."""

    corrections: Sequence[Row] = ()
    files: Sequence[Row] = ()
    history: Sequence[Row] = ()
    official: frozenset[str] = frozenset()
    """Texts that people in charge sorted: good enough to judge by."""

    def __len__(self) -> int:
        return len(self.corrections) + len(self.past)

    @property
    def past(self) -> list[Row]:
        return [*self.files, *self.history]

    def digest(self) -> str:
        """The same for the same rows and release, in whatever order."""
        rows = sorted((row.text, row.category, row.weight) for row in [*self.corrections, *self.past])
        return hashlib.sha256(repr((nlp.corpus_version(), rows)).encode()).hexdigest()[:24]


def believe(lessons: Lessons, corpus: Sequence[Row], teacher: Understander) -> Believed:
    """Sort out what is worth learning. ``teacher`` has learnt from nothing but the corpus."""
    known = {nlp.normalise(row.text) for row in corpus}
    corrections = [row for row in _settled(lessons.corrections, teacher) if row.text not in known]
    known |= {row.text for row in corrections}
    limits = Counter(row.category for row in corpus)
    files = _plausible(_single(lessons.files, known), limits, teacher)
    known |= {row.text for row in files}
    history = _plausible(
        _single(lessons.history, known), limits - Counter(r.category for r in files), teacher
    )
    official = frozenset(row.text for row in corrections if row.weight >= WEIGHTS["official"])
    return Believed(corrections, files, history, official)


def _settled(corrections: Iterable[Taught], teacher: Understander) -> list[Row]:
    """One row per text: the latest word of the one who knows best; a citizen's alone needs to be plausible."""
    last: dict[int | str, Taught] = {}
    for taught in corrections:
        key = taught.case if taught.case is not None else taught.text
        before = last.get(key)
        if taught.text.strip() and (before is None or _rank(taught.role) >= _rank(before.role)):
            last[key] = taught
    by_text: dict[str, Row] = {}
    for taught in last.values():
        row = Row(nlp.normalise(taught.text), taught.category, weight=_rank(taught.role))
        if taught.role not in IN_CHARGE and not _among_three(teacher.understand(row.text), row.category):
            continue
        if row.text not in by_text or row.weight >= by_text[row.text].weight:
            by_text[row.text] = row
    return list(by_text.values())


def _rank(role: str) -> float:
    return WEIGHTS.get(role, WEIGHTS["citizen"])


def _among_three(found: Understanding, category: str) -> bool:
    return category in [code for code, _ in found.top]


def _single(rows: Iterable[Row], known: set[str]) -> list[Row]:
    """Each text once, with the category that most of its rows give; texts already known are left out."""
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    first: dict[str, Row] = {}
    for row in rows:
        text = nlp.mask(nlp.normalise(row.text))
        if text and text not in known:
            votes[text][row.category] += 1
            first.setdefault(text, row)
    out = []
    for text, counted in votes.items():
        (best, n), *others = counted.most_common(2)
        if not others or n > others[0][1]:
            out.append(replace(first[text], text=text, category=best))
    return out


def _plausible(rows: Sequence[Row], limits: Counter[str], teacher: Understander) -> list[Row]:
    """Those whose category the teacher finds likely enough, with a limit per category."""
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=_draw):
        groups[row.category].append(row)
    kept: list[Row] = []
    for category, group in sorted(groups.items()):
        most = max(CORPUS_SHARE * limits[category], LEAST_OF_A_CATEGORY)
        good = (row for row in group[:MOST_JUDGED] if _likely(teacher.understand(row.text), category))
        kept += [_light(row) for row, _ in zip(good, range(most), strict=False)]
    return kept


def _likely(found: Understanding, category: str) -> bool:
    return found.category == category and found.confidence >= PLAUSIBLE


def _light(row: Row) -> Row:
    """With the weight of history, or less where its file says so; its place would only be a guess."""
    return replace(row, weight=round(WEIGHTS["history"] * min(row.weight, 1.0), _DIGITS), place=())


def original(row: Row) -> dict[str, str | float]:
    """A believed row of a file as it was given, to be kept for the next training."""
    weight = round(row.weight / WEIGHTS["history"], _DIGITS)
    return {"text": row.text, "category": row.category, "weight": weight}


def _draw(row: Row) -> str:
    """An order that is the same every time and has nothing to do with the file's."""
    return hashlib.sha256(row.text.encode("utf-8", "surrogatepass")).hexdigest()
