"""Pure text to meaning: ``Understander(model, gazetteer).understand(text)``."""

from __future__ import annotations

from collections.abc import Iterable

from nlp.alike import alike, marks, telling
from nlp.asides import aside
from nlp.evaluation import evaluate
from nlp.gazetteer import Gazetteer
from nlp.model import Model
from nlp.national import by_code as area_of
from nlp.normalise import language, normalise
from nlp.pii import mask
from nlp.rows import corpus_version, read_corpus
from nlp.search import Index, enough
from nlp.types import Area, Landmark, Lexicon, PlaceFound, Row, Understanding
from nlp.understander import Understander
from nlp.when import When, read_when


def train(rows: Iterable[Row], base: Iterable[Row] | None = None) -> Model:
    """A model learnt from rows (see ``nlp.training.train``); needs scikit-learn, loaded only here."""
    from nlp.training import train as learn

    return learn(rows, base)


__all__ = [
    "Area",
    "Gazetteer",
    "Index",
    "Landmark",
    "Lexicon",
    "Model",
    "PlaceFound",
    "Row",
    "Understander",
    "Understanding",
    "area_of",
    "alike",
    "When",
    "aside",
    "corpus_version",
    "enough",
    "evaluate",
    "language",
    "marks",
    "mask",
    "normalise",
    "read_corpus",
    "telling",
    "read_when",
    "train",
]
