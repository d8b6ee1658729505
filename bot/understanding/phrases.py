"""Phrases that are looked for in a message word for word, however it is punctuated and contracted."""

from collections.abc import Iterable

from bot.understanding.conditions.words import tokenize


class Phrases:
    """A list of phrases; with none, nothing is found."""

    def __init__(self, phrases: Iterable[str] = ()) -> None:
        self.phrases = list(phrases)
        self._words = [_words(phrase) for phrase in self.phrases]

    def found_in(self, text: str) -> bool:
        """Whether any of the phrases stands in a text, as whole words."""
        words = _words(text)
        return any(phrase in words for phrase in self._words)


def _words(text: str) -> str:
    """' word word ', with contractions written out and without punctuation."""
    return " " + "".join(f"{token.text} " for token in tokenize(text) if token.is_word)
