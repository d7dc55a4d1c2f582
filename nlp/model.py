"""The trained model: a vocabulary and one linear head per question, read with numpy alone."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nlp.features import Counts, features

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

FORMAT = "saan-nlp-1"


@dataclass(frozen=True)
class Head:
    """One question (``category``, ``intent``, ``urgent``): its labels, columns in ``weights`` and temperature."""

    labels: tuple[str, ...]
    start: int
    temperature: float = 1.0


@dataclass(frozen=True)
class Model:
    """Weights (features x all labels) with the vocabulary that names their rows; ``meta`` holds thresholds."""

    vocabulary: Mapping[str, int]
    idf: Floats
    weights: Floats
    bias: Floats
    heads: Mapping[str, Head]
    meta: Mapping[str, Any]

    def scores(self, text: str) -> Floats:
        """Raw scores of every label of every head for a normalised text."""
        import numpy as np

        places, values = vector(features(text), self.vocabulary, self.idf)
        return np.asarray(self.bias + values @ self.weights[places], dtype=np.float32)

    def probabilities(self, head: str, scores: Floats) -> dict[str, float]:
        """Probabilities of one head's labels, best first, out of ``scores``."""
        import numpy as np

        asked = self.heads[head]
        part = scores[asked.start : asked.start + len(asked.labels)].astype(np.float64) / asked.temperature
        exp = np.exp(part - part.max())
        share = exp / exp.sum()
        return {asked.labels[i]: float(share[i]) for i in np.argsort(-share, kind="stable")}

    def to_bytes(self) -> bytes:
        """The model as a compressed npz file without pickled objects."""
        import numpy as np

        names = "\n".join(sorted(self.vocabulary, key=self.vocabulary.__getitem__))
        heads = {k: [list(h.labels), h.start, h.temperature] for k, h in self.heads.items()}
        head = json.dumps({"format": FORMAT, "heads": heads, "meta": dict(self.meta)})
        out = io.BytesIO()
        np.savez_compressed(
            out,
            head=np.frombuffer(head.encode(), np.uint8),
            names=np.frombuffer(names.encode(), np.uint8),
            idf=self.idf,
            weights=self.weights.astype(np.float16),
            bias=self.bias,
        )
        return out.getvalue()

    @staticmethod
    def from_bytes(data: bytes) -> Model:
        """The model that ``to_bytes`` wrote; anything else raises ``ValueError``."""
        try:
            return _read(data)
        except Exception as error:
            raise ValueError(f"not a model: {error}") from error


def vector(blocks: tuple[Counts, ...], vocabulary: Mapping[str, int], idf: Floats) -> tuple[Any, Floats]:
    """Row numbers and TF-IDF values ((1 + ln tf) * idf, each block of length 1) of the known features."""
    import numpy as np

    places: list[int] = []
    parts: list[Floats] = []
    for counts in blocks:
        known = [(row, count) for name, count in counts.items() if (row := vocabulary.get(name)) is not None]
        rows = np.array([row for row, _ in known], dtype=np.intp)
        tf = 1 + np.log(np.array([count for _, count in known], dtype=np.float32))
        values = tf * idf[rows]
        norm = float(np.sqrt(values @ values))
        places.extend(rows)
        parts.append(values / norm if norm else values)
    return np.array(places, dtype=np.intp), np.concatenate(parts).astype(np.float32)


def _read(data: bytes) -> Model:
    import numpy as np

    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        head = json.loads(file["head"].tobytes().decode())
        names = file["names"].tobytes().decode().split("\n")
        idf, weights, bias = (file[key].astype(np.float32) for key in ("idf", "weights", "bias"))
    if head["format"] != FORMAT:
        raise ValueError("another format")
    heads = {k: Head(tuple(labels), int(at), float(t)) for k, (labels, at, t) in head["heads"].items()}
    columns = sum(len(asked.labels) for asked in heads.values())
    if idf.shape != (len(names),) or weights.shape != (len(names), columns) or bias.shape != (columns,):
        raise ValueError("shapes do not fit each other")
    return Model({name: i for i, name in enumerate(names)}, idf, weights, bias, heads, head["meta"])
