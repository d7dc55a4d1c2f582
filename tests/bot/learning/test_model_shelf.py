"""Versions of the classifier: promoted, gone back from, damaged, hostile, and taken up by a running service."""

from __future__ import annotations

import io
import json
import time
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nlp
from bot import model_check
from bot.media_store import MediaStore
from bot.model_shelf import SHIPPED, ModelShelf, UnknownVersion
from nlp import Model, Row
from tests.installation import installed
from tests.town import model


@cache
def small(category: str = "tree") -> Model:
    """A model that knows next to nothing: two categories."""
    rows = [Row(f"ต้นไม้ล้มขวางทาง {n}", category) for n in range(4)]
    rows += [Row(f"ขยะล้นถังเหม็นมาก {n}", "waste", intent="question", urgent=1) for n in range(4)]
    return nlp.train(rows, ())


def shelf(folder: Path) -> ModelShelf:
    model()  # the shipped one lies beside the program
    return ModelShelf(MediaStore(str(folder / "media")), folder / "models")


def promoted(on: ModelShelf, data: str = "a") -> str:
    return on.promote(small(), small(), {"score": 0.5, "data": data}, [{"text": "x", "category": "road"}])


def categories(of: Model) -> set[str]:
    return set(of.heads["category"].labels)


def test_the_shipped_one_is_in_use_until_another_is_promoted(tmp_path: Path) -> None:
    on = shelf(tmp_path)
    assert on.in_use() == SHIPPED and on.twin() is None and on.rows() == []
    name = promoted(on)
    assert on.in_use() == name and categories(on.load()) == {"tree", "waste"}
    assert on.rows() == [{"text": "x", "category": "road"}] and on.about(name)["before"] == SHIPPED


def test_going_back_is_one_step_and_what_was_left_is_withdrawn(tmp_path: Path) -> None:
    on = shelf(tmp_path)
    first, second = promoted(on, "a"), promoted(on, "b")
    assert on.roll_back() == first and on.withdrawn() == {"b"}
    assert on.roll_back() == SHIPPED and on.withdrawn() == {"a", "b"}
    assert on.roll_back(second) == second and on.withdrawn() == {"a"}
    assert [version.name for version in on.versions()] == [first, second]


@pytest.mark.parametrize(
    "name", ["", "nothing", "../../etc/passwd", "20260101T000000-000000000-abcdefabcdef"]
)
def test_an_unknown_version_changes_nothing(tmp_path: Path, name: str) -> None:
    on = shelf(tmp_path)
    used = promoted(on)
    with pytest.raises(UnknownVersion):
        on.roll_back(name or used)
    assert on.in_use() == used


def test_from_the_shipped_one_there_is_nothing_to_go_back_to(tmp_path: Path) -> None:
    with pytest.raises(UnknownVersion):
        shelf(tmp_path).roll_back()


@cache
def hostile() -> dict[str, bytes]:
    whole = small().to_bytes()
    with np.load(io.BytesIO(whole)) as parts:
        found = {name: parts[name] for name in parts.files}

    def packed(**changed: Any) -> bytes:
        out = io.BytesIO()
        np.savez_compressed(out, **{**found, **changed})
        return out.getvalue()

    def about(**changed: Any) -> bytes:
        told = json.loads(json.loads(found["about"].tobytes())[0]) | changed
        return packed(about=np.frombuffer(json.dumps([json.dumps(told)]).encode(), np.uint8))

    pickled = io.BytesIO()
    np.savez(pickled, **{**found, "idf": np.array([print], dtype=object)}, allow_pickle=True)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for n in range(6):
            archive.writestr(f"weights{n}.npy", bytes(100_000_000))
    heads = json.loads(json.loads(found["about"].tobytes())[0])["heads"]
    return {
        "empty": b"",
        "no archive": b"\x00" * 1000,
        "cut off": whole[: len(whole) // 2],
        "pickled": pickled.getvalue(),
        "bomb": bomb.getvalue(),
        "many parts": packed(**{f"more{n}": np.zeros(1) for n in range(80)}),
        "shapes": packed(idf=found["idf"][:-1]),
        "not numbers": packed(bias=np.full_like(found["bias"], np.nan)),
        "other format": about(format="saan-nlp-0"),
        "no heads": about(heads={}),
        "unknown category": about(heads={**heads, "category": [["tree", "evil"], *heads["category"][1:]]}),
        "head elsewhere": about(heads={**heads, "intent": [heads["intent"][0], 99, 1.0]}),
        "no temperature": about(heads={**heads, "intent": [*heads["intent"][:2], 0.0]}),
        "no thresholds": about(thresholds={}),
    }


KINDS = (
    "empty|no archive|cut off|pickled|bomb|many parts|shapes|not numbers|other format|no heads|unknown category"
    "|head elsewhere|no temperature|no thresholds"
).split("|")


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_or_hostile_model_is_refused_and_the_shipped_one_used(tmp_path: Path, kind: str) -> None:
    content = hostile()[kind]
    with pytest.raises(ValueError):
        model_check.checked(content)
    on = shelf(tmp_path)
    name = promoted(on)
    on.files.put(f"models/{name}.npz", content)
    assert categories(on.load()) == categories(model())


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"version": 5}', b'{"version": "../x"}', b"[" * 100_000]
)
def test_a_damaged_pointer_means_the_shipped_one(tmp_path: Path, content: bytes) -> None:
    on = shelf(tmp_path)
    promoted(on)
    on.files.put("models/in-use.json", content)
    assert on.in_use() == SHIPPED and categories(on.load()) == categories(model())


def test_a_version_of_another_release_is_not_used(tmp_path: Path) -> None:
    on = shelf(tmp_path)
    name = promoted(on)
    other = f"{name.rpartition('-')[0]}-{'0' * 12}"
    for kind in (".npz", ".twin.npz", ".json"):
        on.files.put(f"models/{other}{kind}", on.files.get(f"models/{name}{kind}") or b"")
    on.files.put("models/in-use.json", json.dumps({"version": other}).encode())
    assert categories(on.load()) == categories(model()) and on.twin() is None
    with pytest.raises(UnknownVersion):
        shelf(tmp_path).roll_back(other)


def test_a_running_service_takes_up_a_promotion_and_a_roll_back(tmp_path: Path) -> None:
    wiring = installed(tmp_path)
    watch = wiring.watch_model(every_s=0.05)
    watch.start()

    def says(category: str) -> bool:
        with wiring.store.reading() as unit:
            return wiring.house.understander(unit).understand("ไฟทางดับหน้าวัด มืดมาก").category == category

    def soon(category: str) -> bool:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            if says(category):
                return True
        return False

    try:
        assert says("street_light")
        promoted(wiring.shelf)
        assert soon("tree") or soon("waste")
        wiring.shelf.roll_back()
        assert soon("street_light")
    finally:
        watch.stop(5)
        wiring.store.close()
