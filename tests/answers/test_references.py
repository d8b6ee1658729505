"""Conditions that a message means without naming them, and people under several names."""

from typing import Any

import pytest

from bot.answers import memory
from bot.answers.persons import may_be


def mention(id: str, holder: str | None = "customer", status: str = "stated", said: str = "") -> dict[str, Any]:
    return {"id": id, "holder": holder, "status": status, "said": said}


def said(*messages: list[dict[str, Any]], last_person: str = "customer", asked: str | None = None) -> list[Any]:
    """What is remembered after messages with these mentions, one after another."""
    remembered: list[memory.Condition] = []
    for number, mentions in enumerate(messages, 1):
        person = asked if number == len(messages) else None
        remembered = memory.after_message(remembered, mentions, person, last_person)
    return [(c["id"], c["holder"], c["status"]) for c in remembered if c["holder"] != memory.PEOPLE]


PACEMAKER = mention("electronic_device", said="pacemaker")
DENIED = {**PACEMAKER, "status": "denied"}
FRACTURE = mention("fracture", said="broke my wrist")


@pytest.mark.parametrize(
    "kind", ["same", "moved", "meant_for", "healed", "removed", "gone", "back", "renewed", "cleared", "born"]
)
def test_what_refers_to_nothing_changes_nothing(kind: str) -> None:
    assert said([mention(kind, "wife")]) == []
    assert said([FRACTURE], [], [], [], [], [mention(kind, "wife")]) == [("fracture", "customer", "stated")]


def test_the_same_is_what_was_spoken_of_last_whatever_its_status() -> None:
    assert said([FRACTURE], [DENIED], [mention("same", "wife", said="my wife does")]) == [
        ("fracture", "customer", "stated"),
        ("electronic_device", "customer", "denied"),
        ("electronic_device", "wife", "stated"),
    ]
    assert said([DENIED], [mention("same")]) == [("electronic_device", "customer", "stated")]


def test_what_was_asked_of_people_in_general_can_be_somebodys() -> None:
    asked = {**PACEMAKER, "holder": "people"}
    assert said([asked]) == []
    assert said([asked], [mention("same", "wife")]) == [("electronic_device", "wife", "stated")]
    assert said([asked], [FRACTURE], [mention("same", "wife")])[-1] == ("fracture", "wife", "stated")


def test_is_stands_for_a_pregnancy_and_has_for_anything_else() -> None:
    both = [mention("pregnancy", status="denied"), DENIED]
    assert said(both, [mention("same", "wife", said="my wife is")])[-1] == ("pregnancy", "wife", "stated")
    assert said(both, [mention("same", "wife", said="my wife does")])[-1] == ("electronic_device", "wife", "stated")


def test_what_was_somebody_elses_moves() -> None:
    moved = said([PACEMAKER], [mention("moved", "husband", said="that was my husband")])
    assert moved == [("electronic_device", "customer", "denied"), ("electronic_device", "husband", "stated")]


def test_of_several_things_none_is_dropped_unless_it_is_plain_which() -> None:
    both = [PACEMAKER, mention("photosensitivity", said="lupus")]
    for vague in (
        mention("moved", "husband", said="that was my husband"),
        mention("same", status="denied", said="I don't have it"),
        mention("gone", None, "past", said="it's gone"),
    ):
        assert ("electronic_device", "customer", "stated") in said(both, [vague])
        assert ("photosensitivity", "customer", "stated") in said(both, [vague])
    plain = said(both, [mention("moved", "husband", said="I meant my husband")])
    assert ("electronic_device", "customer", "denied") in plain


@pytest.mark.parametrize(
    ("kind", "condition", "status"),
    [
        ("healed", FRACTURE, "past"),
        ("healed", PACEMAKER, "stated"),
        ("gone", mention("infection"), "past"),
        ("gone", PACEMAKER, "stated"),
        ("gone", mention("photosensitivity"), "stated"),
        ("removed", PACEMAKER, "past"),
        ("removed", FRACTURE, "stated"),
    ],
)
def test_only_what_can_heal_or_be_removed_or_pass_is_past(kind: str, condition: dict[str, Any], status: str) -> None:
    assert said([condition], [mention(kind, None, "past")]) == [(condition["id"], "customer", status)]


def test_a_part_of_the_body_tells_which_one_has_healed() -> None:
    for part, status in (("wrist", "past"), ("ankle", "stated")):
        healed = mention("healed", "customer", "past", f"my {part} has healed")
        assert said([FRACTURE], [], [], [], [], [healed]) == [("fracture", "customer", status)]


def test_what_has_not_healed_is_the_fracture_or_else_a_wound() -> None:
    unhealed = mention("unhealed", None, "unsure")
    assert said([{**FRACTURE, "status": "unsure"}], [unhealed]) == [("fracture", "customer", "stated")]
    assert said([unhealed]) == [("open_wound", "customer", "unsure")]


@pytest.mark.parametrize(
    ("kind", "condition"),
    [("back", mention("infection")), ("back", FRACTURE), ("unhealed", FRACTURE), ("renewed", PACEMAKER)],
)
def test_what_was_over_stands_again_where_it_is_back(kind: str, condition: dict[str, Any]) -> None:
    over = {**condition, "status": "past"}
    assert said([condition], [over], [mention(kind, None)]) == [(condition["id"], "customer", "stated")]
    assert said([condition], [over], [], [], [], [], [mention(kind, None)])[0] == (condition["id"], "customer", "past")


@pytest.mark.parametrize(("kind", "condition"), [("back", PACEMAKER), ("renewed", FRACTURE)])
def test_only_what_can_come_back_is_back(kind: str, condition: dict[str, Any]) -> None:
    assert said([{**condition, "status": "past"}], [mention(kind, None)]) == [(condition["id"], "customer", "past")]


def test_a_test_clears_what_was_only_feared_just_before() -> None:
    feared = mention("pregnancy", status="unsure")
    cleared = mention("cleared", None, "denied", "the test was negative")
    assert said([feared], [cleared]) == [("pregnancy", "customer", "denied")]
    assert said([feared], [], [cleared]) == [("pregnancy", "customer", "unsure")]
    assert said([mention("pregnancy")], [cleared]) == [("pregnancy", "customer", "stated")]
    assert said([feared, mention("tumor", status="unsure")], [cleared])[0] == ("pregnancy", "customer", "unsure")


def test_a_birth_ends_the_only_pregnancy_it_can_be() -> None:
    born = mention("born", "baby", "past", "baby's born")
    wife, sister = mention("pregnancy", "wife"), mention("pregnancy", "sister")
    assert said([wife], [born]) == [("pregnancy", "wife", "past")]
    assert said([wife, sister], [born]) == [("pregnancy", "wife", "stated"), ("pregnancy", "sister", "stated")]
    daughter = mention("born", "daughter", "past", "daughter was born")
    assert said([wife], [daughter]) == [("pregnancy", "wife", "past")]
    assert said([sister], [daughter]) == [("pregnancy", "sister", "stated")]
    assert said([wife], [mention("born", "tom", "past", "Tom is here")]) == [("pregnancy", "wife", "stated")]


def test_what_was_somebody_elses_moves_to_the_customer() -> None:
    moved = said([{**PACEMAKER, "holder": "sister"}], [mention("moved", said="actually no, it's me")])
    assert moved == [("electronic_device", "sister", "denied"), ("electronic_device", "customer", "stated")]


def test_what_was_asked_for_nobody_in_particular_is_for_whom_it_is_meant() -> None:
    meant = mention("meant_for", "father")
    assert said([{**PACEMAKER, "holder": None}], [meant])[-1] == ("electronic_device", "father", "stated")
    assert said([PACEMAKER], [meant]) == [("electronic_device", "customer", "stated")]


def test_another_word_for_the_only_one_it_can_be_is_the_same_person() -> None:
    wife = mention("pregnancy", "wife")
    assert said([wife], [mention("pregnancy", "partner", "past")]) == [("pregnancy", "wife", "past")]
    assert said([wife], [mention("pregnancy", "husband", "past")])[0] == ("pregnancy", "wife", "stated")
    both = [wife, mention("pregnancy", "girlfriend")]
    assert ("pregnancy", "wife", "stated") in said(both, [mention("pregnancy", "partner", "denied")])


def test_whoever_is_asked_about_under_another_name_is_seen_for_that_turn() -> None:
    wife = [mention("pregnancy", "wife")]
    assert said(wife, [], asked="partner") == [("pregnancy", "wife", "stated"), ("pregnancy", "partner", "stated")]
    remembered = memory.after_message([], wife, "partner", "customer")
    assert [c["holder"] for c in memory.after_message(remembered, [], "customer", "customer")] == ["wife"]


def test_the_parents_are_both() -> None:
    parents = [mention("pregnancy", "mother"), mention("fracture", "father")]
    assert {c for c in said(parents, [], asked="parent") if c[1] == "parent"} == {
        ("pregnancy", "parent", "stated"),
        ("fracture", "parent", "stated"),
    }
    assert said([mention("fracture", "he")], last_person="parent")[0] == ("fracture", "father", "stated")


def test_a_name_is_whose_it_was_given_for_and_else_anybodys() -> None:
    remembered = memory.after_message([], [mention("pregnancy", "wife")], None, "customer", {"ada": "wife"})
    for name, given, seen in (("ada", None, True), ("eve", None, False)):
        after = memory.after_message(remembered, [], name, "customer", {name: given})
        assert any(c["holder"] == name for c in after) is seen
    nameless = memory.after_message([], [mention("pregnancy", "wife")], None, "customer")
    assert memory.after_message(nameless, [], "eve", "customer", {"eve": None})[-1]["holder"] == "eve"


def test_which_words_may_be_one_person() -> None:
    assert may_be("partner", "wife")
    assert may_be("wife", "partner")
    assert may_be("sister", "older-sister")
    assert not may_be("younger-sister", "older-sister")
    assert not may_be("wife", "husband")
    assert not may_be("mother", "father")
