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


def known(*holders: str, last: int = 3) -> list[memory.Condition]:
    return [{"id": "fracture", "holder": holder, "status": "stated", "said": [], "last": last} for holder in holders]


def test_a_pronoun_is_one_whom_it_fits() -> None:
    assert memory.resolve("he", "daughter", known("husband", "daughter")) == "husband"
    assert memory.resolve("she", "mother", known("wife")) == "mother"
    assert memory.meant_by("he", "mr-jones", known("mrs-smith", "father")) == ["mr-jones"]
    assert memory.resolve("she", "customer", known("husband", "older-sister")) == "older-sister"


def test_a_pronoun_that_is_not_plain_may_be_anybody_whom_it_fits() -> None:
    spoken_of = known("wife", "husband")
    assert memory.resolve("she", "tom", spoken_of) == "she"
    assert memory.meant_by("she", "tom", spoken_of) == ["tom", "wife"]
    assert memory.meant_by("she", "mother", known("sister", last=1)) == ["mother", "sister"]
    assert memory.meant_by("he", "wife", known("wife", "sister")) == ["wife", "sister"]


def test_they_are_all_spoken_of() -> None:
    assert memory.meant_by("they", "daughter", known("husband", "customer", "family")) == ["daughter", "husband"]
    assert memory.meant_by("they", "parent", known("father", "son")) == ["parent", "son"]
    found = memory.mentioned([{"id": "infection", "holder": "they", "status": "stated"}], "son", known("wife"))
    assert [c["holder"] for c in found] == ["son", "wife"]


def test_what_is_not_plainly_said_of_somebody_takes_nothing_back() -> None:
    gone = {"id": "fracture", "holder": "she", "status": "past"}
    assert "past" not in statuses(memory.after_message(known("wife", "sister"), [gone], "she", "tom")).get(
        ("fracture", "wife"), ""
    )


def test_what_the_whole_family_has_counts_for_each_who_has_not_denied_it() -> None:
    shared = [{"id": "infection", "holder": who, "status": "stated"} for who in ("customer", "family")]
    for person, counts in {"wife": True, "son": True, "neighbour": False, "mrs-smith": False}.items():
        remembered = memory.after_message(memory.remember([], shared), [], person, "customer")
        assert (("infection", person) in statuses(remembered)) is counts
    denied = {"id": "infection", "holder": "wife", "status": "denied"}
    after = memory.after_message(memory.remember([], shared), [denied], "wife", "customer")
    assert [c["status"] for c in after if c["holder"] == "wife"] == ["denied"]


def test_what_was_asked_for_somebody_else_is_not_the_customers_unless_it_was_said_to_be() -> None:
    asked = {"id": "electronic_device", "holder": None, "status": "stated", "said": "pacemaker"}
    dads = {"id": "meant_for", "holder": "father", "status": "stated", "said": "asking for my dad"}
    only_asked = memory.after_message(memory.after_message([], [asked], None, "customer"), [dads], None, "customer")
    assert statuses(only_asked) == {
        ("electronic_device", "customer"): "denied",
        ("electronic_device", "father"): "stated",
    }
    remembered: list[memory.Condition] = []
    for mention in ({**asked, "holder": "customer"}, asked, dads):
        remembered = memory.after_message(remembered, [mention], None, "customer")
    assert set(statuses(remembered).values()) == {"stated"}


def test_what_is_over_by_its_bare_name_is_over_whatever_it_was_called() -> None:
    broken = {"id": "fracture", "holder": "customer", "status": "stated", "said": ["wrist is broken", "cast"]}
    healed = {"id": "fracture", "holder": "customer", "status": "past", "said": ["fracture"]}
    assert not memory.in_force(memory.remember([broken], [healed]))


def test_a_narrower_denial_leaves_what_was_stated() -> None:
    stated = {"id": "tumor", "holder": "customer", "status": "stated", "said": ["cancer"]}
    denied = {"id": "tumor", "holder": "customer", "status": "denied", "said": ["skin cancer"]}
    assert [c["status"] for c in memory.remember([stated], [denied])] == ["stated"]


def test_what_was_asked_in_general_is_over_once_something_else_is_told() -> None:
    """'May people with lupus use it?', then a choice from the list: the next message is answered as any other."""
    general = {"id": "photosensitivity", "holder": memory.PEOPLE, "status": "stated", "said": "lupus"}
    asked = memory.after_message([], [general], memory.PEOPLE, memory.CUSTOMER)
    assert [c["status"] for c in asked] == [memory.ASKED]
    chosen = memory.remember_unspecified(asked, memory.CUSTOMER)
    after = memory.after_message(chosen, [], None, memory.CUSTOMER)
    assert [(c["id"], c["holder"]) for c in after] == [(memory.UNSPECIFIED, memory.CUSTOMER)]
