"""What is done in a quick way gives what the plain way gives, on fixed messages of our own."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

import numpy as np
import pytest

from nlp import Model, normalise, read_corpus
from nlp.features import GRAM_CODES, GRAM_SCALE, SCALES, features, grams
from nlp.finder import FREE, Finder
from nlp.lexicon import category_words
from nlp.model import vector
from nlp.tagger import INSIDE, NEVER, OUTSIDE, best_chain, clues
from nlp.words import edges, tokens

TOWN = Path(__file__).parent / "data" / "town.jsonl"
TEXTS = [
    *(json.loads(line)["text"] for line in TOWN.read_text(encoding="utf-8").splitlines()),
    *(row.text for row in read_corpus()[::97]),
    "",
    "road",
    "๑๒๓ 😀😀😀",
]


@pytest.mark.parametrize("text", ["น้ำท่วม", "ไฟดับ  หน้า-บ้าน", "Soi 3", "", "!!", "กก😀ข"])
def test_letter_groups_are_pairs_and_triples_of_letters_without_tones(text: str) -> None:
    tones = {chr(code) for code in (*range(0x0E48, 0x0E4D), 0x0E4E, *range(0x0E3B, 0x0E40))}
    plain = "".join(
        c if "a" <= c <= "z" or "\u0e01" <= c <= "\u0e4e" else " " for c in text.lower() if c not in tones
    )
    letters = f" {' '.join(plain.split())} "
    groups = [letters[at : at + size] for size in (2, 3) for at in range(len(letters) - size + 1)]
    found = grams(text.lower()).tolist()
    assert len(found) == len(groups)
    assert len(set(zip(groups, found, strict=True))) == len(set(groups)) == len(set(found))
    assert all(0 <= code < GRAM_CODES for code in found)


def test_answers_are_those_of_a_plain_sum(model: Model) -> None:
    for text in map(normalise, TEXTS):
        read = features(text, (), category_words())
        scores = model.bias.astype(float).copy()
        blocks = [
            [model.vocabulary[name] for name in names if name in model.vocabulary] for names in read.named
        ]
        blocks.append([int(model.gram_rows[code]) for code in read.grams if model.gram_rows[code]])
        for rows, scale in zip(blocks, (*SCALES, GRAM_SCALE), strict=True):
            length = sum(float(model.idf[row]) ** 2 for row in rows) ** 0.5
            for row in rows:
                scores += float(model.idf[row]) * scale / length * model.weights[row]
        head = model.heads["category"]
        shares = np.exp(scores[head.start : head.end] / head.temperature)
        answers = dict(model.answers(read)["category"])
        expected = dict(zip(head.labels, shares / shares.sum(), strict=True))
        assert answers == pytest.approx(expected, abs=1e-4)
        assert list(answers.values()) == sorted(answers.values(), reverse=True)


def test_nothing_known_says_nothing(model: Model) -> None:
    rows, values = vector(features("", (), Finder(())), {}, np.zeros(GRAM_CODES, np.int32), model.idf)
    assert not rows.any() and not values.any()


def test_the_best_chain_is_the_best_of_all_chains() -> None:
    chance = random.Random(5)
    for size in (1, 2, 5):
        for _ in range(60):
            emitted = [[chance.uniform(-3, 3) for _ in range(3)] for _ in range(size)]
            follow = [[chance.uniform(-3, 3) for _ in range(3)] for _ in range(3)]
            follow[OUTSIDE][INSIDE] = NEVER
            chains = [c for c in itertools.product(range(3), repeat=size) if c[0] != INSIDE]
            weight = {
                chain: sum(row[tag] for row, tag in zip(emitted, chain, strict=True))
                + sum(follow[one][two] for one, two in itertools.pairwise(chain))
                for chain in chains
            }
            assert tuple(best_chain(emitted, follow)) == max(weight, key=weight.__getitem__)


def test_the_tagger_adds_up_what_its_tables_hold(model: Model) -> None:
    tagger = model.tagger
    for text in map(normalise, TEXTS):
        found = clues(tokens(text))
        words, pairs, windows = (
            np.array([table.weights[table.rows.get(name, -1)] for name in names]).reshape(
                len(names), table.weights.shape[1]
            )
            for table, names in zip((tagger.words, tagger.pairs, tagger.windows), found, strict=True)
        )
        emitted = [
            [
                float(words[at, tag])
                + float(pairs[at, tag] + pairs[at + 1, 3 + tag])
                + float(windows[at, tag] + windows[at + 1, 3 + tag] + windows[at + 2, 6 + tag])
                for tag in range(3)
            ]
            for at in range(len(found.words))
        ]
        assert tagger.tags(found) == best_chain(emitted, tagger.follow)


def test_phrases_are_found_as_by_looking_for_each() -> None:
    phrases = ["ถนน", "ถนนพัง", "ไฟ", "ไฟดับ", "ดับ", "น้ำท่วมขัง", "ขยะ", "หมา"]
    finder = Finder((phrase, phrase) for phrase in phrases)
    for text in (normalise(text).lower() for text in TEXTS):
        cuts, expected, done = edges(text), [], 0
        for at in cuts:
            fits = [
                phrase
                for phrase in phrases
                if at >= done
                and text.startswith(phrase, at)
                and (len(phrase) >= FREE or at + len(phrase) in cuts)
            ]
            if fits:
                expected.append(max(fits, key=len))
                done = at + len(expected[-1])
        assert [hit.value for hit in finder.find(text, cuts)] == expected
