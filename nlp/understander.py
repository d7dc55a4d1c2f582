"""The one public call: a message in, its understanding out."""

from __future__ import annotations

from nlp.features import Features, features
from nlp.gazetteer import Gazetteer
from nlp.intent import REPORT, settle
from nlp.lexicon import category_words
from nlp.model import Answer, Model
from nlp.normalise import language, normalise
from nlp.pii import mask
from nlp.several import Said, parts
from nlp.types import Lexicon, Understanding
from nlp.urgency import care
from nlp.where import mentions
from nlp.words import warm


class Understander:
    """Reads messages with one model, one city's names and, when given, the city's own words per category.

    Making one loads the dictionary of the segmenter, once per process (about half a second).
    """

    def __init__(self, model: Model, gazetteer: Gazetteer, lexicon: Lexicon | None = None) -> None:
        self._model = model
        self._gazetteer = gazetteer
        self._words = category_words(lexicon)
        warm()

    def understand(self, text: str) -> Understanding:
        """What one message says; any text is accepted, the empty one too."""
        plain = normalise(text)
        said = mentions(plain, {})
        places = sorted([*self._model.tagger.spans(plain), *((one.start, one.end) for one in said)])
        read = features(plain, places, self._words)
        answers = self._model.answers(read)
        top = answers["category"][:3]
        spoken = language(plain)
        # A place and nothing besides but particles and scraps such as a link.
        says_nothing = bool(places) and spoken == "th" and all(map(_is_scrap, read.words))
        intent, intent_p = settle(
            plain, dict(answers["intent"]), says_nothing, self._model.thresholds["intent"]
        )
        danger = care(plain, intent)
        problems = self._problems(plain, answers["category"], read) if intent == REPORT else ()
        alarm = dict(answers["urgent"]).get("1", 0.0)
        return Understanding(
            text=plain,
            language=spoken,
            intent=intent,
            intent_p=intent_p,
            category=top[0][0],
            confidence=top[0][1],
            top=top,
            decision=self._decision(top[0][1]),
            urgent=danger.danger or alarm >= self._model.thresholds["urgent"],
            emergency=danger.emergency,
            place=self._gazetteer.locate(plain, places),
            masked=mask(plain),
            hotlines=danger.hotlines,
            problems=problems,
        )

    def _problems(self, text: str, whole: Answer, read: Features) -> tuple[str, ...]:
        return parts(text, whole, read.hits, self._said)

    def _said(self, part: str) -> Said:
        """What a part of a message says by itself."""
        read = features(part, self._model.tagger.spans(part), self._words)
        answers = self._model.answers(read)
        category = answers["category"]
        named = any(hit.value == category[0][0] for hit in read.hits)
        return Said(category, named and answers["intent"][0][0] == REPORT)

    def _decision(self, confidence: float) -> str:
        if confidence >= float(self._model.thresholds["sure"]):
            return "sure"
        return "ask" if confidence >= float(self._model.thresholds["ask"]) else "person"


def _is_scrap(word: str) -> bool:
    return len(word) <= 2 or word.isascii()
