"""Misspelt words put right, and what must stay as it was written."""

import pytest

from bot.understanding import spelling
from bot.understanding.spelling import Speller, SpellingError, english

WANTED = {"pacemaker": 9, "knees": 8, "wrinkles": 5, "phone": 5, "stiff": 9, "help": 20, "shoulder": 9, "wound": 4}
SPELLER = Speller({**WANTED, "pregnant": 9, "muscular": 2, "nerve": 5, "number": 3}, {"lupus"})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a pacmaker", "a pacemaker"),
        ("NEES STIF?", "KNEES STIFF?"),
        ("Shoulderr", "Shoulder"),
        ("rinkles", "wrinkles"),
        ("pregnnat", "pregnant"),
        ("i dont and cant", "i don't and can't"),
        ("wat abt u", "what about you"),
        ("y not", "why not"),
        ("fone nubmer", "phone number"),
        ("ok 4 her? 4 weeks", "ok for her? 4 weeks"),
    ],
)
def test_what_is_misspelt_is_put_right(written: str, meant: str) -> None:
    assert SPELLER.corrected(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Is it good for a lorry driver with sciatica?",  # rare words, but words
        "my Nevro is new",  # a name
        "lupus",  # of the lexicon
        "macular",  # too far from anything
        "blorp zzyx",  # gibberish stays gibberish
        "tengo dolor en las rodillas y los hombros",  # mostly unknown words: another language
        "Ich habe einen Herzschrittmacher",
        "15-20 % \U0001f642",
        "",
    ],
)
def test_what_stays_as_it_is_written(text: str) -> None:
    assert SPELLER.corrected(text) == text


def test_of_words_as_near_the_more_frequent_is_meant() -> None:
    assert Speller({"close": 1, "clone": 9}, ()).corrected("cloae") == "clone"
    assert Speller({"close": 9, "clone": 1}, ()).corrected("cloae") == "close"


def test_without_the_word_list_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelling, "WORD_LIST", ("no_such_package", "words.txt"))
    english.cache_clear()
    try:
        with pytest.raises(SpellingError, match="make setup"):
            english()
    finally:
        english.cache_clear()
