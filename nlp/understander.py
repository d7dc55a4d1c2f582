"""The one public call: a message in, its understanding out."""

from __future__ import annotations

from nlp.gazetteer import Gazetteer
from nlp.lexicon import category_words
from nlp.model import Model
from nlp.normalise import language, normalise
from nlp.pii import mask
from nlp.types import Lexicon, Understanding


class Understander:
    """Reads messages with one model, one city's names and, when given, the city's own words per category."""

    def __init__(self, model: Model, gazetteer: Gazetteer, lexicon: Lexicon | None = None) -> None:
        self._model = model
        self._gazetteer = gazetteer
        self._words = category_words(lexicon)

    def understand(self, text: str) -> Understanding:
        """What one message says; any text is accepted, the empty one too."""
        plain = normalise(text)
        places = self._model.tagger.spans(plain)
        scores = self._model.scores(plain, places, self._words)
        categories = self._model.probabilities("category", scores)
        intents = self._model.probabilities("intent", scores)
        urgent = self._model.probabilities("urgent", scores).get("1", 0.0) >= 0.5
        top = tuple(categories.items())[:3]
        intent, intent_p = next(iter(intents.items()))
        return Understanding(
            text=plain,
            language=language(plain),
            intent=intent,
            intent_p=intent_p,
            category=top[0][0],
            confidence=top[0][1],
            top=top,
            decision=self._decision(top[0][1]),
            urgent=urgent,
            emergency=None,
            place=self._gazetteer.find(plain),
            masked=mask(plain),
        )

    def _decision(self, confidence: float) -> str:
        if confidence >= float(self._model.thresholds["sure"]):
            return "sure"
        return "ask" if confidence >= float(self._model.thresholds["ask"]) else "person"
