"""Groups of opinion in the votes of a decision, and what all of them can agree on. Pure, numpy only.

The way is that of Polis (Small, Bjorkegren, Erkkilä, Shaw and Megill 2021, "Polis: scaling deliberation by mapping
high dimensional opinion spaces"): people are rows, statements columns, agree = 1, disagree = -1, pass = 0; what
somebody did not answer counts as the mean of the statement; two principal components; k-means with k-means++ starts
(Arthur and Vassilvitskii 2007), k chosen by the silhouette (Rousseeuw 1987); statements ordered by group-aware
consensus, the product over groups of (agree + 1) / (answers + 2).

Limits, which are said wherever groups are shown: k-means divides any cloud, so groups that are not clearly apart
(``CLEAR``) are not reported; two components leave out finer differences; people who answered little lie near the
middle; a group is a pattern of answers to these statements and no kind of people. Few voters or few statements show
no groups at all, and a division with a group of fewer than four people is never used, so that nobody is pointed out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_VOTERS = 12
LEAST_STATEMENTS = 4
LEAST_IN_GROUP = 4
MOST_GROUPS = 5
CLEAR, CLEAR_IF_FEW = 0.55, 0.62
"""Least mean silhouette of groups worth telling of. Random answers of 12 to 50 people stay below in 95 of 100 cases
(measured; with only four statements chance divides more sharply, hence the second figure)."""
_ANSWERED = 0.5
"""Who answered fewer of the statements than this share is left out of the search."""
_SAMPLE = 1000
"""The silhouette needs all pairs of people; beyond this many it, and the centres, come from a fixed sample."""
_STARTS = 8
_SEED = 2569


@dataclass(frozen=True)
class Groups:
    """What was found. ``group`` gives each row's group (-1: answered too little), the largest group being 0."""

    group: tuple[int, ...]
    sizes: tuple[int, ...]
    silhouette: float
    share: tuple[tuple[float, ...], ...]
    """Per group and statement: of its people who took a side, the share that agrees (0.5 where nobody did)."""
    common: tuple[float, ...]
    """Group-aware consensus of each statement, 0 to 1."""

    def marks(self, group: int) -> list[int]:
        """Statements by which the group differs most from the others, the strongest first."""
        own, others = self.share[group], [s for g, s in enumerate(self.share) if g != group]
        apart = [own[i] - sum(s[i] for s in others) / len(others) for i in range(len(own))]
        return sorted(range(len(apart)), key=lambda i: (-abs(apart[i]), i))

    def bridges(self, least: float = 0.6) -> list[int]:
        """Statements that most people of every group agree with, the most common first."""
        found = [i for i in range(len(self.common)) if all(s[i] >= least for s in self.share)]
        return sorted(found, key=lambda i: (-self.common[i], i))


def find(votes: Floats) -> Groups | None:
    """Groups in a matrix of people × statements (1, 0, -1, NaN for no answer); None where there are none to tell of."""
    people, statements = votes.shape
    answered = ~np.isnan(votes)
    rows = np.flatnonzero(answered.sum(axis=1) >= max(1, _ANSWERED * statements))
    if statements < LEAST_STATEMENTS or len(rows) < LEAST_VOTERS:
        return None
    points = _positions(votes[rows])
    best: tuple[float, Ints] | None = None
    for k in range(2, MOST_GROUPS + 1):
        labels = _k_means(points, k)
        if np.bincount(labels, minlength=k).min() < LEAST_IN_GROUP:
            continue
        score = _silhouette(points, labels)
        if best is None or score > best[0]:
            best = (score, labels)
    if best is None or best[0] < (CLEAR if statements > LEAST_STATEMENTS else CLEAR_IF_FEW):
        return None
    return _described(votes, rows, people, *best)


def _positions(votes: Floats) -> Floats:
    """Each person's place on the two principal components of the answers."""
    seen = ~np.isnan(votes)
    counts = seen.sum(axis=0)
    means = np.where(counts > 0, np.nansum(votes, axis=0) / np.maximum(counts, 1), 0.0)
    centred = np.where(seen, votes, means) - means
    _, vectors = np.linalg.eigh(centred.T @ centred)
    axes = vectors[:, ::-1][:, :2]
    # Who answered half of the statements is drawn half as far out; the root makes up for it, as in Polis.
    reach = np.sqrt(votes.shape[1] / seen.sum(axis=1))
    return np.asarray(centred @ axes * reach[:, None], dtype=np.float64)


def _k_means(points: Floats, k: int) -> Ints:
    """Labels by the tightest of several runs on a fixed sample, always the same for the same points."""
    chance = np.random.default_rng(_SEED)
    drawn = _drawn(points)
    runs = [_one_run(drawn, _starts(drawn, k, chance)) for _ in range(_STARTS)]
    centres = min(runs, key=lambda run: run[0])[1]
    return np.asarray(_squared(points, centres).argmin(axis=1), dtype=np.int64)


def _drawn(points: Floats) -> Floats:
    if len(points) <= _SAMPLE:
        return points
    return points[np.random.default_rng(_SEED).choice(len(points), _SAMPLE, replace=False)]


def _starts(points: Floats, k: int, chance: np.random.Generator) -> Floats:
    """k-means++: each further centre is drawn far from those there are."""
    centres = [points[chance.integers(len(points))]]
    for _ in range(k - 1):
        far = _squared(points, np.array(centres)).min(axis=1)
        total = far.sum()
        chances = far / total if total > 0 else None
        centres.append(points[chance.choice(len(points), p=chances)])
    return np.array(centres)


def _one_run(points: Floats, centres: Floats) -> tuple[float, Floats]:
    """Sum of squared distances, and the centres."""
    labels = np.full(len(points), -1, dtype=np.int64)
    for _ in range(50):
        nearest = _squared(points, centres).argmin(axis=1)
        if np.array_equal(nearest, labels):
            break
        labels = nearest
        for group in range(len(centres)):
            own = points[labels == group]
            if len(own):
                centres[group] = own.mean(axis=0)
    return float(_squared(points, centres).min(axis=1).sum()), centres


def _squared(points: Floats, centres: Floats) -> Floats:
    return np.asarray(((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2), dtype=np.float64)


def _silhouette(points: Floats, labels: Ints) -> float:
    """Mean silhouette of a fixed sample: near 1 the groups are far apart, near 0 they run into each other."""
    if len(points) > _SAMPLE:
        chosen = np.random.default_rng(_SEED).choice(len(points), _SAMPLE, replace=False)
        points, labels = points[chosen], labels[chosen]
    kinds = np.unique(labels)
    if len(kinds) < 2:
        return -1.0
    away = np.sqrt(_squared(points, points))
    members = np.array([(labels == kind).sum() for kind in kinds])
    sums = np.stack([away[:, labels == kind].sum(axis=1) for kind in kinds], axis=1)
    own = labels[:, None] == kinds[None, :]
    inside = sums[own] / np.maximum((members[None, :] - own)[own], 1)
    outside = np.where(own, np.inf, sums / members[None, :]).min(axis=1)
    widest = np.maximum(inside, outside)
    values = np.where(widest > 0, (outside - inside) / np.where(widest > 0, widest, 1.0), 0.0)
    alone = members[np.searchsorted(kinds, labels)] == 1
    return float(np.where(alone, 0.0, values).mean())


def _described(votes: Floats, rows: Ints, people: int, score: float, labels: Ints) -> Groups:
    """Groups named by size, with their shares and what is common to all."""
    order = np.argsort(-np.bincount(labels), kind="stable")
    group = np.full(people, -1, dtype=np.int64)
    group[rows] = np.argsort(order)[labels]
    share, common = [], np.ones(votes.shape[1])
    for number in range(len(order)):
        own = votes[group == number]
        agree, against = (own == 1).sum(axis=0), (own == -1).sum(axis=0)
        answers = (~np.isnan(own)).sum(axis=0)
        sides = agree + against
        share.append(tuple(float(x) for x in np.where(sides > 0, agree / np.maximum(sides, 1), 0.5)))
        common *= (agree + 1) / (answers + 2)
    sizes = tuple(int((group == number).sum()) for number in range(len(order)))
    return Groups(tuple(group.tolist()), sizes, score, tuple(share), tuple(float(x) for x in common))
