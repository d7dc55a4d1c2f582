"""Learns a model from labelled messages; the only module that needs scikit-learn.

Linear support vector machines, one label against the rest, over TF-IDF; their margins become probabilities by a
softmax whose temperature is fitted on held-out folds (Guo et al. 2017).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nlp.features import Features, features
from nlp.finder import Finder
from nlp.lexicon import category_words, plain_rows
from nlp.model import Head, Model, gram_table, vector
from nlp.normalise import normalise
from nlp.tagger_training import learn_tagger, marked_spans
from nlp.types import Row

Floats = NDArray[np.float64]

STRENGTH = {"category": 0.3, "intent": 0.3, "urgent": 0.3}
SECOND = 0.3
"""Share in learning of a row for each of its other acceptable categories, against 1 for its own."""
FOLDS = 3
LEAST_FOR_FOLDS = 400
DEFAULT_TEMPERATURE = 0.2
FIELD = 0.7
"""The corpus is harder than what citizens send (it avoids the category's words), so margins of the field deserve
more trust than held-out folds of the corpus say: the fitted temperature is multiplied by this."""
THRESHOLDS = {"sure": 0.75, "ask": 0.25, "intent": 0.6, "urgent": 0.35}


@dataclass(frozen=True)
class _Set:
    """The rows as numbers: features, answers per head and the share of each row in learning per head."""

    x: Any
    answers: dict[str, NDArray[np.str_]]
    shares: dict[str, Floats]
    second: dict[str, NDArray[np.bool_]]
    """For a category the rows that name it as another acceptable one."""


class _Known(NamedTuple):
    """The features a model knows: names and letter groups, with idf = ln((1 + n) / (1 + rows with it)) + 1."""

    vocabulary: dict[str, int]
    gram_rows: NDArray[np.integer[Any]]
    idf: NDArray[np.float32]


def _known(rows: Sequence[Features], least: int) -> _Known:
    """Features seen in at least ``least`` rows, behind row 0 for all that is unknown."""
    named = Counter(name for row in rows for block in row.named for name in set(block))
    groups = Counter(code for row in rows for code in set(row.grams.tolist()))
    names = ["", *sorted(name for name, count in named.items() if count >= least)]
    grams = sorted(code for code, count in groups.items() if count >= least)
    seen = np.array([*(named[name] for name in names), *(groups[code] for code in grams)])
    idf = np.log((1 + len(rows)) / (1 + seen)) + 1
    idf[0] = 0
    gram_rows = gram_table(np.array(grams, np.int32), len(names))
    return _Known({name: at for at, name in enumerate(names)}, gram_rows, idf.astype(np.float32))


def _matrix(rows: Sequence[Features], known: _Known) -> Any:
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped, unused-ignore]

    vectors = [vector(row, known.vocabulary, known.gram_rows, known.idf) for row in rows]
    ends = np.cumsum([0, *(len(at) for at, _ in vectors)])
    values = np.concatenate([values for _, values in vectors])
    columns = np.concatenate([at for at, _ in vectors])
    return csr_matrix((values, columns, ends), shape=(len(rows), len(known.idf)))


def _counted(rows: Sequence[Row], known: int) -> list[Features]:
    """Features of each row; the first ``known`` rows are messages, the rest plain lines of the lexicon.

    A plain line was written from the lexicon's words, so it would teach blind trust in them: it gets none.
    """
    words: Finder[str] = category_words()
    none: Finder[str] = Finder(())
    out = []
    for at, row in enumerate(rows):
        text = normalise(row.text)
        out.append(features(text, marked_spans(text, row.place), words if at < known else none))
    return out


def _fit(data: _Set, head: str, share: Floats) -> tuple[Floats, Floats, list[str]]:
    """Weights (labels x features), bias and labels of one head, rows without a share left out."""
    answers = data.answers[head]
    labels = sorted(set(answers[share > 0].tolist()))
    if len(labels) < 2:
        return np.zeros((1, data.x.shape[1])), np.zeros(1), labels
    none = np.zeros(len(answers), bool)
    second = data.second if head == "category" else {}
    learnt = [
        _fit_one(data.x, answers == label, second.get(label, none), share, STRENGTH[head]) for label in labels
    ]
    return np.vstack([weights for weights, _ in learnt]), np.array([bias for _, bias in learnt]), labels


def _fit_one(
    x: Any, own: NDArray[np.bool_], second: NDArray[np.bool_], share: Floats, strength: float
) -> tuple[Floats, float]:
    """Weights and bias of one label against the rest."""
    from sklearn.svm import LinearSVC  # type: ignore[import-untyped, unused-ignore]

    used = share > 0
    counts = np.where(second & ~own, SECOND * share, share)[used]
    learner = LinearSVC(C=strength, random_state=0).fit(x[used], (own | second)[used], sample_weight=counts)
    return learner.coef_[0], float(learner.intercept_[0])


def _held_out(data: _Set, head: str, tested: int) -> tuple[Floats, list[str]]:
    """Scores of the first ``tested`` rows, each by a learner that has not seen it."""
    y, share = data.answers[head], data.shares[head]
    labels = sorted(set(y[share > 0].tolist()))
    scores = np.full((tested, len(labels)), -1.0)
    fold = np.random.default_rng(0).permutation(tested) % FOLDS
    for n in range(FOLDS):
        part = share.copy()
        part[:tested][fold == n] = 0
        weights, bias, seen = _fit(data, head, part)
        columns = [labels.index(label) for label in seen]
        scores[np.ix_(np.flatnonzero(fold == n), np.array(columns))] = (
            data.x[:tested][fold == n] @ weights.T + bias
        )
    return scores, labels


def softmax(scores: Floats, temperature: float) -> Floats:
    """Probabilities of each row of scores divided by a temperature."""
    part = scores / temperature
    exp = np.exp(part - part.max(axis=1, keepdims=True))
    shares: Floats = exp / exp.sum(axis=1, keepdims=True)
    return shares


def _temperature(scores: Floats, good: NDArray[np.bool_]) -> float:
    """The temperature under which the acceptable labels (``good``) are likeliest."""
    steps = np.geomspace(0.03, 3.0, 60)
    losses = [-np.log((softmax(scores, step) * good).sum(axis=1) + 1e-9).mean() for step in steps]
    return float(steps[int(np.argmin(losses))])


def _calibrated(data: _Set, head: str, rows: Sequence[Row], tested: int) -> float:
    if tested < LEAST_FOR_FOLDS:
        return DEFAULT_TEMPERATURE
    scores, labels = _held_out(data, head, tested)
    fine = [{y, *row.also} for y, row in zip(data.answers[head], rows[:tested], strict=False)]
    good = np.array([[label in some for label in labels] for some in fine])
    return _temperature(scores, good) * (FIELD if head == "category" else 1.0)


def _intent(row: Row, message: bool) -> str:
    """A plain line of the lexicon is a report, unless it stands for what is no matter of the city."""
    return row.intent if message or row.category != "other" else "none"


def _prepare(rows: Sequence[Row], known: int) -> tuple[_Set, _Known]:
    blocks = _counted(rows, known)
    features_known = _known(blocks, least=3 if known >= LEAST_FOR_FOLDS else 1)
    answers = {
        "category": np.array([row.category for row in rows]),
        "intent": np.array([_intent(row, at < known) for at, row in enumerate(rows)]),
        "urgent": np.array([str(row.urgent) for row in rows]),
    }
    share = np.array([row.weight for row in rows])
    message = np.where(np.arange(len(rows)) < known, share, 0.0)
    shares = {"category": share, "intent": share, "urgent": message}
    second = {
        label: np.array([label in row.also for row in rows]) for label in sorted(set(answers["category"]))
    }
    return _Set(_matrix(blocks, features_known), answers, shares, second), features_known


def train(rows: Iterable[Row], base: Iterable[Row] | None = None) -> Model:
    """A model learnt from rows; the same rows give the same model.

    ``base`` are lines that teach categories only (default: the plain statements of the lexicon; ``()`` for none).
    No rows at all raise ``ValueError``. Takes well under a minute for some thousand rows.
    """
    messages = list(rows)
    if not messages:
        raise ValueError("no rows to learn from")
    known = len(messages)
    everything = messages + list(plain_rows() if base is None else base)
    data, features_known = _prepare(everything, known)
    heads: dict[str, Head] = {}
    parts: list[Floats] = []
    biases: list[Floats] = []
    start = 0
    for head in data.answers:
        weights, bias, labels = _fit(data, head, data.shares[head])
        heads[head] = Head(tuple(labels), start, _calibrated(data, head, everything, known))
        start += len(labels)
        parts.append(weights.T)
        biases.append(bias)
    # Rounded as they are stored, so that a model read back gives the very same answers.
    rounded: NDArray[np.float32] = np.ascontiguousarray(np.hstack(parts), np.float16).astype(np.float32)
    tagger = learn_tagger([*messages, *(row for row in everything[known:] if row.place)])
    offsets = np.concatenate(biases).astype(np.float32)
    return Model(*features_known, rounded, offsets, heads, tagger, dict(THRESHOLDS))
