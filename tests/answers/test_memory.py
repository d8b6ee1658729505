"""What is remembered of people's health, as a list that only grows or changes."""

from hypothesis import given
from hypothesis import strategies as st

from bot.answers import memory

CONDITIONS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(["pregnancy", "fracture"]),
            "holder": st.sampled_from(["customer", "wife", "people"]),
            "status": st.sampled_from(["stated", "unsure", "denied", "past"]),
        }
    ),
    max_size=6,
)


def statuses(remembered: list[memory.Condition]) -> dict[tuple[str, str], str]:
    return {(c["id"], c["holder"]): c["status"] for c in remembered}


@given(CONDITIONS, CONDITIONS)
def test_only_the_same_persons_mention_of_the_same_condition_changes_an_entry(
    before: list[memory.Condition], mentions: list[memory.Condition]
) -> None:
    remembered = memory.remember([], before)
    after = statuses(memory.remember(remembered, mentions))
    said = {(m["id"], m["holder"]) for m in mentions}
    assert {key: after[key] for key in statuses(remembered) if key not in said} == {
        key: status for key, status in statuses(remembered).items() if key not in said
    }


@given(CONDITIONS)
def test_the_last_word_on_each_persons_condition_counts(mentions: list[memory.Condition]) -> None:
    """But what was stated does not become unsure by being mentioned again."""
    expected: dict[tuple[str, str], str] = {}
    for m in mentions:
        key = m["id"], m["holder"]
        if m["holder"] != "people" and (expected.get(key), m["status"]) != ("stated", "unsure"):
            expected[key] = m["status"]
    assert statuses(memory.remember([], mentions)) == expected


def test_where_there_can_be_several_things_the_denial_of_one_leaves_the_other() -> None:
    stated = {"id": "electronic_device", "holder": "customer", "status": "stated"}
    both = memory.remember([], [{**stated, "said": ["pacemaker"]}, {**stated, "said": ["hearing aid"]}])
    one = memory.remember(both, [{**stated, "status": "denied", "said": ["hearing aids"]}])
    assert list(statuses(one).values()) == ["stated"]
    none = memory.remember(one, [{**stated, "status": "past", "said": ["pacemaker"]}])
    assert list(statuses(none).values()) == ["past"]


def test_people_in_general_are_not_remembered() -> None:
    assert memory.remember([], [{"id": "pregnancy", "holder": "people", "status": "stated"}]) == []


def test_what_is_remembered_is_a_copy() -> None:
    mention = {"id": "pregnancy", "holder": "wife", "status": "stated"}
    (kept,) = memory.remember([], [mention])
    mention["status"] = "denied"
    assert kept["status"] == "stated"


def test_a_pronoun_is_the_person_last_spoken_of() -> None:
    assert memory.resolve("she", "wife") == "wife"
    assert memory.resolve("she", "customer") == "she"
    assert memory.resolve("father", "wife") == "father"
    assert memory.resolve(None, "wife") == "wife"
