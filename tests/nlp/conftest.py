"""One trained model for all tests of the package, kept between runs as long as corpus and code stay the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nlp import Area, Gazetteer, Landmark, Model, Understander
from nlp.built import load_or_train

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
CACHE = ROOT / "var" / "test-models"

AREAS = (
    Area("42", "เลย", "Loei", "province"),
    Area("4201", "เมืองเลย", "Mueang Loei", "district", "42"),
    Area("420101", "กุดป่อง", "Kut Pong", "subdistrict", "4201", ("ในเมืองเลย",)),
    Area("420102", "เมือง", "Mueang", "subdistrict", "4201"),
    Area("420103", "นาอ้อ", "Na O", "subdistrict", "4201"),
    Area("420104", "กกดู่", "Kok Du", "subdistrict", "4201"),
    Area("4203", "เชียงคาน", "Chiang Khan", "district", "42"),
)
LANDMARKS = (
    Landmark("วัดโพนงาม", "temple", "420103", 17.41, 101.70),
    Landmark("ตลาดเช้าฟ้าเลย", "market", "420101", 17.48, 101.72, ("ตลาดเช้าเทศบาล",)),
)


def shared_rows(name: str) -> list[dict[str, Any]]:
    """Rows of a measuring file beside the project; the test is skipped where the file is absent."""
    path = SHARED / "data" / name
    if not path.exists():
        pytest.skip(f"{path} is absent: it is for measuring and not part of the project")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


@pytest.fixture(scope="session")
def model() -> Model:
    return load_or_train(CACHE)


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer(AREAS, LANDMARKS, outside=("420104",))


@pytest.fixture(scope="session")
def understander(model: Model, gazetteer: Gazetteer) -> Iterator[Understander]:
    yield Understander(model, gazetteer)
