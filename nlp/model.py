"""The trained model: a vocabulary, one linear head per question and the place tagger, read with numpy alone."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate, chain, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from nlp.features import GRAM_CODES, GRAM_SCALE, SCALES, Features
from nlp.tagger import Table, Tagger

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Rows = NDArray[np.integer[Any]]

FORMAT = "saan-nlp-4"
MOST_SURE = 300.0
"""Bounds a score divided by its temperature, far beyond what occurs, so that no model makes numbers overflow."""
LEAST = 1e-9
"""Bounds the square of a block's length, so that one without known features divides nothing by nought."""

Answer = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Head:
    """One question (``category``, ``intent``, ``urgent``): its labels, first column in ``weights``, temperature."""

    labels: tuple[str, ...]
    start: int
    temperature: float = 1.0

    @property
    def end(self) -> int:
        """The column behind its last."""
        return self.start + len(self.labels)


@dataclass(frozen=True)
class Model:
    """Weights (features x all labels) with what names their rows, and thresholds of decision.

    ``vocabulary`` tells the row of a named feature, ``gram_rows`` that of each possible letter group; the rows of the
    groups come behind, in their order. Row 0 stands for all that is unknown and has an idf of 0.
    """

    vocabulary: Mapping[str, int]
    gram_rows: Rows
    idf: Floats
    weights: Floats
    bias: Floats
    heads: Mapping[str, Head]
    tagger: Tagger
    thresholds: Mapping[str, float]

    def answers(self, read: Features) -> dict[str, Answer]:
        """What the features of a text say to each question: its labels with calibrated probabilities, best first."""
        import numpy as np

        rows, values = vector(read, self.vocabulary, self.gram_rows, self.idf)
        starts, sizes, sharpness = self._columns
        scores = (self.bias + values @ self.weights.take(rows, axis=0)) * sharpness
        shares = np.exp(np.minimum(np.maximum(scores, -MOST_SURE), MOST_SURE))
        shares /= np.add.reduceat(shares, starts).repeat(sizes)
        listed = shares.tolist()
        return {
            name: _ranked(head.labels, listed[head.start : head.end]) for name, head in self.heads.items()
        }

    @cached_property
    def _columns(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """The first column and the number of columns of each head; one divided by the temperature, per column."""
        import numpy as np

        heads = self.heads.values()
        sizes = np.array([len(head.labels) for head in heads])
        sharpness = np.array([1 / head.temperature for head in heads]).repeat(sizes)
        return np.array([head.start for head in heads]), sizes, sharpness

    def to_bytes(self) -> bytes:
        """The model as an npz file without pickled objects."""
        import numpy as np

        heads = {name: [list(head.labels), head.start, head.temperature] for name, head in self.heads.items()}
        about = {"format": FORMAT, "heads": heads, "thresholds": dict(self.thresholds)}
        out = io.BytesIO()
        np.savez_compressed(
            out,
            about=_pack([json.dumps(about)]),
            names=_pack(sorted(self.vocabulary, key=self.vocabulary.__getitem__)),
            grams=np.flatnonzero(self.gram_rows).astype(np.int32),
            idf=self.idf.astype(np.float32),
            weights=self.weights.astype(np.float16),
            bias=self.bias.astype(np.float32),
            **_packed_tagger(self.tagger),
        )
        return out.getvalue()

    @staticmethod
    def from_bytes(data: bytes) -> Model:
        """The model that ``to_bytes`` wrote; anything else raises ``ValueError``."""
        try:
            return _read(data)
        except Exception as error:
            raise ValueError(f"not a model: {error}") from error


def _ranked(labels: Sequence[str], shares: Sequence[float]) -> Answer:
    return tuple(sorted(zip(labels, shares, strict=True), key=itemgetter(1), reverse=True))


def vector(
    found: Features, vocabulary: Mapping[str, int], gram_rows: Rows, idf: Floats
) -> tuple[Rows, Floats]:
    """Row numbers and values of the features: idf for each time one occurs, each block scaled to its length.

    What is unknown has row 0 and the value 0.
    """
    import numpy as np

    sizes = (*map(len, found.named), len(found.grams))
    named = map(vocabulary.get, chain.from_iterable(found.named), repeat(0))
    rows = np.concatenate([np.fromiter(named, np.int32, sum(sizes[:-1])), gram_rows.take(found.grams)])
    values = idf.take(rows)
    squares = np.add.reduceat(values * values, (0, *accumulate(sizes[:-1])))
    values *= (_scales() / np.sqrt(np.maximum(squares, LEAST))).repeat(sizes)
    return rows, values


@cache
def _scales() -> Floats:
    import numpy as np

    return np.array((*SCALES, GRAM_SCALE), np.float32)


def gram_table(grams: NDArray[np.int32], first: int) -> Rows:
    """The row of every possible letter group: those of ``grams`` (ascending) from row ``first`` on, else 0."""
    import numpy as np

    # As small as its numbers allow, because most of its lookups miss the processor's caches.
    rows = np.zeros(GRAM_CODES, np.min_scalar_type(first + len(grams)))
    rows[grams] = np.arange(first, first + len(grams))
    return rows


def _pack(names: Sequence[str]) -> NDArray[np.uint8]:
    """Strings as bytes: JSON, because a feature may hold any character, the line break too."""
    import numpy as np

    return np.frombuffer(
        json.dumps(list(names), ensure_ascii=False).encode("utf-8", "surrogatepass"), np.uint8
    )


def _unpack(array: NDArray[np.uint8]) -> list[str]:
    found: list[str] = json.loads(array.tobytes().decode("utf-8", "surrogatepass"))
    return found


def _packed_tagger(tagger: Tagger) -> dict[str, Any]:
    import numpy as np

    parts = {"words": tagger.words, "pairs": tagger.pairs, "windows": tagger.windows}
    out: dict[str, Any] = {"follow": np.array(tagger.follow, np.float32)}
    for name, part in parts.items():
        out[f"tag_{name}"] = _pack(list(part.rows))
        out[f"tag_{name}_weights"] = part.weights
    return out


def _unpacked_tagger(file: Mapping[str, NDArray[Any]]) -> Tagger:
    import numpy as np

    parts = []
    for name, width in (("words", 3), ("pairs", 6), ("windows", 9)):
        names = _unpack(file[f"tag_{name}"])
        weights = np.ascontiguousarray(file[f"tag_{name}_weights"], np.float32)
        if weights.shape != (len(names) + 1, width):
            raise ValueError("shapes do not fit each other")
        parts.append(Table({name: at for at, name in enumerate(names)}, weights))
    if file["follow"].shape != (3, 3):
        raise ValueError("shapes do not fit each other")
    return Tagger(parts[0], parts[1], parts[2], [tuple(row) for row in file["follow"].tolist()])


def _read(data: bytes) -> Model:
    import numpy as np

    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        file = {name: archive[name] for name in archive.files}
    about: dict[str, Any] = json.loads(_unpack(file["about"])[0])
    if about["format"] != FORMAT:
        raise ValueError("another format")
    names, grams = _unpack(file["names"]), file["grams"].astype(np.int32)
    idf, weights, bias = (np.ascontiguousarray(file[key], np.float32) for key in ("idf", "weights", "bias"))
    heads = {k: Head(tuple(labels), int(at), float(t)) for k, (labels, at, t) in about["heads"].items()}
    columns, rows = sum(len(head.labels) for head in heads.values()), len(names) + len(grams)
    if [array.shape for array in (idf, weights, bias)] != [(rows,), (rows, columns), (columns,)]:
        raise ValueError("shapes do not fit each other")
    if not all(np.isfinite(array).all() for array in (idf, weights, bias)):
        raise ValueError("numbers that are none")
    idf[0] = 0
    vocabulary = {name: row for row, name in enumerate(names)}
    thresholds = {name: float(value) for name, value in about["thresholds"].items()}
    rows_of_grams = gram_table(grams, len(names))
    return Model(vocabulary, rows_of_grams, idf, weights, bias, heads, _unpacked_tagger(file), thresholds)
