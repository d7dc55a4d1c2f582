"""The trained model: a vocabulary, one linear head per question and the place tagger, read with numpy alone."""

from __future__ import annotations

import io
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nlp.features import SCALES, Names, Span, features
from nlp.finder import Finder
from nlp.tagger import Tagger

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FORMAT = "saan-nlp-2"


@dataclass(frozen=True)
class Head:
    """One question (``category``, ``intent``, ``urgent``): its labels, first column in ``weights``, temperature."""

    labels: tuple[str, ...]
    start: int
    temperature: float = 1.0


@dataclass(frozen=True)
class Model:
    """Weights (features x all labels), the vocabulary that names their rows, and thresholds of decision."""

    vocabulary: Mapping[str, int]
    idf: Floats
    weights: Floats
    bias: Floats
    heads: Mapping[str, Head]
    tagger: Tagger
    thresholds: Mapping[str, float]

    def scores(self, text: str, places: Sequence[Span], category_words: Finder[str]) -> list[float]:
        """Raw scores of every label of every head for a normalised text whose place phrases are known."""
        rows, values = vector(features(text, places, category_words), self.vocabulary, self.idf)
        found: list[float] = (self.bias + values @ self.weights.take(rows, axis=0)).tolist()
        return found

    def probabilities(self, head: str, scores: Sequence[float]) -> dict[str, float]:
        """Calibrated probabilities of one head's labels, best first."""
        asked = self.heads[head]
        part = scores[asked.start : asked.start + len(asked.labels)]
        peak = max(part)
        shares = [math.exp((score - peak) / asked.temperature) for score in part]
        total = sum(shares)
        order = sorted(range(len(part)), key=lambda at: -part[at])
        return {asked.labels[at]: shares[at] / total for at in order}

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
            idf=self.idf.astype(np.float32),
            weights=self.weights.astype(np.float16),
            bias=self.bias.astype(np.float32),
            clues=_pack(list(self.tagger.weights)),
            marks=np.array([*self.tagger.weights.values(), *self.tagger.follow], np.float32),
        )
        return out.getvalue()

    @staticmethod
    def from_bytes(data: bytes) -> Model:
        """The model that ``to_bytes`` wrote; anything else raises ``ValueError``."""
        try:
            return _read(data)
        except Exception as error:
            raise ValueError(f"not a model: {error}") from error


def vector(
    blocks: Sequence[Names], vocabulary: Mapping[str, int], idf: Floats
) -> tuple[NDArray[np.intp], Floats]:
    """Row numbers and values of the known features: (1 + ln count) x idf, each block scaled to its length."""
    import numpy as np

    get = vocabulary.get
    rows: list[int] = []
    damped: list[float] = []
    ends: list[int] = []
    for block in blocks:
        counts = Counter(block)
        known = [(row, n) for row, n in zip(map(get, counts), counts.values(), strict=True) if row is not None]
        rows += [row for row, _ in known]
        damped += [1.0 if n == 1 else 1 + math.log(n) for _, n in known]
        ends.append(len(rows))
    at = np.array(rows, dtype=np.intp)
    values = np.array(damped, dtype=np.float32) * idf[at]
    start = 0
    for end, scale in zip(ends, SCALES, strict=True):
        part = values[start:end]
        if end > start:
            part *= scale / math.sqrt(part @ part)
        start = end
    return at, values


def _pack(names: Sequence[str]) -> NDArray[np.uint8]:
    """Strings as bytes: JSON, because a feature may hold any character, the line break too."""
    import numpy as np

    return np.frombuffer(json.dumps(list(names), ensure_ascii=False).encode("utf-8", "surrogatepass"), np.uint8)


def _unpack(array: NDArray[np.uint8]) -> list[str]:
    found: list[str] = json.loads(array.tobytes().decode("utf-8", "surrogatepass"))
    return found


def _read(data: bytes) -> Model:
    import numpy as np

    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        about: dict[str, Any] = json.loads(_unpack(file["about"])[0])
        names, clues = _unpack(file["names"]), _unpack(file["clues"])
        idf, weights, bias, marks = (np.ascontiguousarray(file[key], np.float32) for key in ("idf", "weights", "bias", "marks"))
    if about["format"] != FORMAT:
        raise ValueError("another format")
    heads = {k: Head(tuple(labels), int(at), float(t)) for k, (labels, at, t) in about["heads"].items()}
    columns = sum(len(head.labels) for head in heads.values())
    shapes = [(len(names),), (len(names), columns), (columns,), (len(clues) + 3, 3)]
    if [array.shape for array in (idf, weights, bias, marks)] != shapes:
        raise ValueError("shapes do not fit each other")
    if not all(np.isfinite(array).all() for array in (idf, weights, bias, marks)):
        raise ValueError("numbers that are none")
    table = [(b, i, o) for b, i, o in marks.tolist()]
    tagger = Tagger(dict(zip(clues, table, strict=False)), tuple(table[len(clues) :]))
    vocabulary = {name: row for row, name in enumerate(names)}
    return Model(vocabulary, idf, weights, bias, heads, tagger, {k: float(v) for k, v in about["thresholds"].items()})
