"""Learns a model from labelled messages; the only module that needs scikit-learn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.features import Counts, features
from nlp.model import Head, Model, vector
from nlp.normalise import normalise
from nlp.types import Row

STRENGTH = {"category": 8.0, "intent": 4.0, "urgent": 4.0}


def _vocabulary(rows: Sequence[tuple[Counts, ...]], least: int) -> tuple[dict[str, int], NDArray[np.float32]]:
    seen = Counter(name for blocks in rows for counts in blocks for name in counts)
    names = sorted(name for name, count in seen.items() if count >= least)
    idf = np.log((1 + len(rows)) / (1 + np.array([seen[name] for name in names]))) + 1
    return {name: i for i, name in enumerate(names)}, idf.astype(np.float32)


def _matrix(rows: Sequence[tuple[Counts, ...]], vocabulary: dict[str, int], idf: NDArray[np.float32]) -> Any:
    from scipy.sparse import csr_matrix

    vectors = [vector(blocks, vocabulary, idf) for blocks in rows]
    starts = np.cumsum([0, *(len(places) for places, _ in vectors)])
    values = np.concatenate([values for _, values in vectors])
    places = np.concatenate([places for places, _ in vectors])
    return csr_matrix((values, places, starts), shape=(len(rows), len(vocabulary)))


def _fit(x: Any, y: Sequence[str], weight: NDArray[np.float64], strength: float) -> tuple[Any, Any, list[str]]:
    from sklearn.linear_model import LogisticRegression

    labels = sorted(set(y))
    if len(labels) == 1:
        return np.zeros((1, x.shape[1])), np.zeros(1), labels
    learner = LogisticRegression(C=strength, max_iter=200, tol=1e-3)
    learner.fit(x, y, sample_weight=weight)
    coef, bias = learner.coef_, learner.intercept_
    if len(labels) == 2:
        coef, bias = np.vstack([-coef / 2, coef / 2]), np.concatenate([-bias / 2, bias / 2])
    return coef, bias, labels


def train(rows: Iterable[Row]) -> Model:
    """A model learnt from rows; no rows at all raise ``ValueError``."""
    known = list(rows)
    if not known:
        raise ValueError("no rows to learn from")
    counted = [features(normalise(row.text)) for row in known]
    vocabulary, idf = _vocabulary(counted, least=2 if len(known) > 50 else 1)
    x = _matrix(counted, vocabulary, idf)
    weight = np.array([row.weight for row in known])
    heads: dict[str, Head] = {}
    columns, biases, start = [], [], 0
    answers = {
        "category": [row.category for row in known],
        "intent": [row.intent for row in known],
        "urgent": [str(row.urgent) for row in known],
    }
    for name, y in answers.items():
        coef, bias, labels = _fit(x, y, weight, STRENGTH[name])
        heads[name] = Head(tuple(labels), start)
        start += len(labels)
        columns.append(coef.T)
        biases.append(bias)
    weights = np.hstack(columns).astype(np.float16).astype(np.float32)
    bias = np.concatenate(biases).astype(np.float32)
    return Model(vocabulary, idf, weights, bias, heads, {"sure": 0.75, "ask": 0.3})
