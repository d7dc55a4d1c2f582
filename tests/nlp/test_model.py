"""The model as bytes, as a file, and at run time without the learning library."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import Gazetteer, Model, Row, Understander, corpus_version, read_corpus, train
from nlp.built import load_or_train

ROOT = Path(__file__).parents[2]
FEW = [
    Row("น้ำท่วมซอย", "flooding"),
    Row("น้ำเข้าบ้าน", "flooding", urgent=1),
    Row("ไฟถนนดับหน้าวัดสระ", "street_light", place=("หน้าวัดสระ",)),
    Row("ไฟดับเมื่อไหร่จะมาซ่อม", "street_light", "question"),
    Row("หมาจรจัดเยอะ", "animals"),
]


@pytest.fixture(scope="module")
def small() -> Model:
    return train(FEW, base=())


def test_a_model_learns_from_a_handful_of_rows(small: Model) -> None:
    understand = Understander(small, Gazetteer((), ())).understand
    assert understand("น้ำท่วมบ้าน").category == "flooding"
    assert understand("หมาจร").category == "animals"


def test_a_model_of_one_category_says_that_category() -> None:
    one = train([Row("ไฟดับ", "street_light"), Row("มืดมาก", "street_light")], base=())
    found = Understander(one, Gazetteer((), ())).understand("อะไรก็ได้")
    assert found.top == (("street_light", 1.0),)


def test_learning_from_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no rows"):
        train([])


def test_the_same_rows_give_the_same_model(small: Model) -> None:
    assert train(FEW, base=()).to_bytes() == small.to_bytes()


def test_a_row_of_no_weight_teaches_nothing() -> None:
    rows = [*FEW, Row("หมาจรจัดเยอะ", "waste", weight=0.0)]
    assert "waste" not in train(rows, base=()).heads["category"].labels


def test_a_model_read_back_answers_the_same(model: Model) -> None:
    again = Model.from_bytes(model.to_bytes())
    for text in ("น้ำท่วม", "ทางเท้าหน้าตลาดพัง ซอย 3", "hello"):
        known = Understander(model, Gazetteer((), ())).understand(text)
        assert Understander(again, Gazetteer((), ())).understand(text) == known


def _npz(**arrays: object) -> bytes:
    out = io.BytesIO()
    np.savez(out, **{name: np.asarray(value) for name, value in arrays.items()})  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"not a model", _npz(a=[1]), _npz(about=np.frombuffer(b"[]", np.uint8))],
)
def test_bytes_that_are_no_model_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a model"):
        Model.from_bytes(data)


def test_a_pickled_object_is_never_loaded() -> None:
    out = io.BytesIO()
    np.savez(out, about=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="not a model"):
        Model.from_bytes(out.getvalue())


def test_a_model_cut_short_is_refused(small: Model) -> None:
    data = small.to_bytes()
    with pytest.raises(ValueError, match="not a model"):
        Model.from_bytes(data[: len(data) // 2])


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_but_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a model"):
        Model.from_bytes(data)


def test_the_built_model_is_read_instead_of_trained_again(small: Model, tmp_path: Path) -> None:
    (tmp_path / f"model-{corpus_version()}.npz").write_bytes(small.to_bytes())
    assert load_or_train(tmp_path).to_bytes() == small.to_bytes()


def test_the_version_changes_with_the_corpus(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "ไฟดับ", "category": "street_light"}\n', encoding="utf-8")
    before = corpus_version(tmp_path)
    (tmp_path / "a.jsonl").write_text('{"text": "ไฟดับ!", "category": "street_light"}\n', encoding="utf-8")
    assert corpus_version(tmp_path) != before


def test_a_bad_line_of_a_corpus_is_named(tmp_path: Path) -> None:
    (tmp_path / "road.jsonl").write_text('{"text": "ก", "category": "road"}\n{"text": 5}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"road\.jsonl line 2"):
        read_corpus(tmp_path)


def test_the_shipped_corpus_is_whole() -> None:
    rows = read_corpus()
    assert len({row.category for row in rows}) == 32
    assert all(part in row.text for row in rows for part in row.place)


def test_understanding_imports_no_learning_library(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(model.to_bytes())
    code = (
        "import sys, pathlib\n"
        "from nlp import Gazetteer, Model, Understander\n"
        f"model = Model.from_bytes(pathlib.Path({str(path)!r}).read_bytes())\n"
        "found = Understander(model, Gazetteer((), ())).understand('street light is out, soi 3, tambon na o')\n"
        "assert found.category == 'street_light', found\n"
        "heavy = [m for m in sys.modules if m.split('.')[0] in ('sklearn', 'scipy', 'pandas', 'torch')]\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=60)


def test_importing_the_package_is_cheap() -> None:
    code = (
        "import sys\nimport nlp\n"
        "heavy = [m for m in sys.modules if m.split('.')[0] in ('numpy', 'pythainlp', 'geothai', 'sklearn')]\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=60)
