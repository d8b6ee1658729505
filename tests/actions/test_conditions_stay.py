"""Promise 3: a contraindication, once mentioned, stays, through the real agent and its database."""

from collections.abc import Callable

import pytest
from assistant import Assistant, Conversation

from actions.answer_suitability import AnswerSuitability

New = Callable[[], Conversation]
SUITABILITY = "does it help sore muscles?"
TIMING = "how long until I notice results?"
WHO = "who should not use it?"
MECHANISM = "how does nitric oxide work?"


@pytest.fixture
def pregnancy(assistant: Assistant) -> str:
    """The sentence of the documents."""
    return assistant.corpus.contraindications["pregnancy"].passage.text


@pytest.mark.parametrize("question", [SUITABILITY, TIMING, WHO, "is it suitable for me?", "does it help weight loss?"])
def test_it_leads_every_later_answer_about_use(customer: New, pregnancy: str, question: str) -> None:
    conversation = customer()
    conversation.say("I am pregnant", "thanks", "how much is it")
    reply = conversation.say(question)
    assert reply.answer["verdict"] == "avoid"
    assert reply.answer["statements"][0]["text"] == pregnancy
    assert reply.answer["conditions"] == [{"id": "pregnancy", "holder": "customer", "status": "stated"}]


def test_it_is_a_warning_in_a_later_answer_of_how_it_works(customer: New, pregnancy: str) -> None:
    reply = customer().say("I am pregnant", MECHANISM)
    assert reply.judged == ("mechanism", "none")
    assert pregnancy in reply.warnings
    assert f"⚠ {pregnancy}" in reply.text


@pytest.mark.parametrize(
    "message",
    [
        "I'm pregnant, how does the gate control theory work?",
        "does it help sore muscles? I am pregnant",
        "I am pregnant, how long until I notice results?",
    ],
)
def test_in_the_very_message_it_leads_the_answer(customer: New, pregnancy: str, message: str) -> None:
    reply = customer().say(message)
    assert reply.answer["verdict"] == "avoid"
    assert reply.answer["statements"][0]["text"] == pregnancy
    assert reply.text.index(pregnancy) < 120


def test_all_of_several_conditions_are_shown_and_the_strongest_decides(customer: New, assistant: Assistant) -> None:
    reply = customer().say("I have a pacemaker and a broken arm", "oh and I am pregnant", SUITABILITY)
    assert reply.answer["verdict"] == "avoid"
    for condition in ("pregnancy", "fracture", "electronic_device"):
        assert assistant.corpus.contraindications[condition].passage.text in reply.text


@pytest.mark.parametrize("correction", ["I am not pregnant", "I had the baby", "I'm no longer pregnant"])
def test_the_same_persons_correction_ends_it(customer: New, correction: str) -> None:
    conversation = customer()
    assert conversation.say("I am pregnant", SUITABILITY).answer["verdict"] == "avoid"
    assert conversation.say(correction, SUITABILITY).answer["verdict"] == "supported"


def test_another_persons_denial_does_not_end_it(customer: New) -> None:
    conversation = customer()
    reply = conversation.say("I am pregnant", "my sister is not pregnant", "does it help my sore muscles?")
    assert reply.answer["verdict"] == "avoid"
    assert conversation.conditions == [("pregnancy", "customer", "stated"), ("pregnancy", "sister", "denied")]


def test_another_persons_condition_does_not_veto_the_customers_answer(customer: New) -> None:
    conversation = customer()
    conversation.say("my wife is pregnant")
    assert conversation.say("does it help my sore muscles?").answer["verdict"] == "supported"
    assert conversation.say("and does it help my wife's sore muscles?").answer["verdict"] == "avoid"


def test_a_pronoun_is_the_person_last_spoken_of(customer: New) -> None:
    conversation = customer()
    assert conversation.say("my wife is pregnant", "can she use it?").answer["verdict"] == "avoid"
    assert conversation.say("she had the baby", "can she use it for sore muscles?").answer["verdict"] == "supported"
    assert conversation.conditions == [("pregnancy", "wife", "past")]


def test_starting_over_keeps_it_and_says_so(customer: New, assistant: Assistant) -> None:
    conversation = customer()
    assert assistant.responses("conditions_kept") in conversation.say("I am pregnant", "start over").text
    assert conversation.say(SUITABILITY).answer["verdict"] == "avoid"
    assert assistant.responses("conditions_kept") not in customer().say("start over").text


def test_forgetting_asks_first_and_then_forgets(customer: New) -> None:
    conversation = customer()
    asked = conversation.say("I am pregnant", "forget me")
    assert [button["title"] for button in asked.message["buttons"]] == ["Yes", "No"]
    assert conversation.conditions == [("pregnancy", "customer", "stated")]
    conversation.say("Yes")
    assert conversation.conditions == []
    assert conversation.say(SUITABILITY).answer["verdict"] == "supported"


@pytest.mark.parametrize("answer", ["No", "how does nitric oxide work?", "hello"])
def test_without_a_yes_nothing_is_forgotten(customer: New, answer: str) -> None:
    conversation = customer()
    conversation.say("I am pregnant", "forget me", answer)
    assert conversation.say("yes", SUITABILITY).answer["verdict"] == "avoid"


def test_screening_remembers_what_is_chosen(customer: New) -> None:
    conversation = customer()
    asked = conversation.say("is it suitable for me?")
    assert asked.judged == ("screening", "none")
    chosen = next(b["payload"] for b in asked.message["buttons"] if "acemaker" in b["title"])
    assert conversation.say(chosen).answer["verdict"] == "confirm_first"
    assert conversation.say(SUITABILITY).answer["verdict"] == "confirm_first"


def test_none_of_these_is_supported(customer: New) -> None:
    assert customer().say("is it suitable for me?", "None of these").judged == ("screening", "supported")


def test_an_action_that_raises_does_not_lose_it(customer: New, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slot is filled before any answer is composed."""
    conversation = customer()
    with monkeypatch.context() as patched:
        patched.setattr("actions.reply.turn_from", raising)
        assert conversation.say("I am pregnant, does it help?").answer["kind"] == "failure"
    assert conversation.conditions == [("pregnancy", "customer", "stated")]
    assert conversation.say(SUITABILITY).answer["verdict"] == "avoid"


def test_a_failure_in_between_does_not_lose_it(customer: New, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = customer()
    conversation.say("I am pregnant")
    with monkeypatch.context() as patched:
        patched.setattr(AnswerSuitability, "compose", raising)
        assert conversation.say(SUITABILITY).answer["kind"] == "failure"
    assert conversation.say(SUITABILITY).answer["verdict"] == "avoid"


def test_it_outlives_an_idle_session(customer: New, assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = customer()
    conversation.say("I am pregnant")
    monkeypatch.setattr(assistant.agent.processor, "_has_session_expired", lambda tracker: True)
    assert conversation.say(SUITABILITY).answer["verdict"] == "avoid"


def raising(*_: object) -> None:
    raise RuntimeError("this action always fails")


@pytest.mark.parametrize(
    "over",
    [
        "it was removed and replaced by a new one",
        "they took it out and put in another",
        "it's been removed, not sure",
        "not any longer, I think",
        "no longer, probably",
    ],
)
@pytest.mark.parametrize("silent_days", [0, 40])
def test_what_is_replaced_or_doubted_stands(customer: New, over: str, silent_days: int) -> None:
    conversation = customer()
    conversation.say("I have a pacemaker")
    conversation.say("hello", silent_days=silent_days)
    assert conversation.say(over).answer["verdict"] != "supported"
    assert [(id, status in ("stated", "unsure")) for id, _, status in conversation.conditions] == [
        ("electronic_device", True)
    ]
    assert conversation.say("does it help a stiff neck?").judged == ("suitability", "confirm_first")


@pytest.mark.parametrize("over", ["it was removed", "not any longer", "I no longer have a pacemaker"])
def test_what_is_plainly_over_does_not(customer: New, over: str) -> None:
    conversation = customer()
    conversation.say("I have a pacemaker", over)
    assert [status for *_, status in conversation.conditions] == ["past"]


@pytest.mark.parametrize(
    "after", ["oh, actually yes", "*I do", "correction: I have one", "no wait, I am", "that was wrong, I do have one"]
)
@pytest.mark.parametrize("joined", [True, False])
def test_a_denial_that_is_taken_back_at_once_warns(customer: New, pregnancy: str, after: str, joined: bool) -> None:
    denied = "I'm not pregnant"
    reply = customer().say(f"{denied}\n{after}") if joined else customer().say(denied, after)
    assert reply.answer["verdict"] == "avoid"
    assert pregnancy in reply.text


@pytest.mark.parametrize(
    "after", ["yes", "yes I understand", "I do yoga", "actually, how does it work?", "right, I am not"]
)
@pytest.mark.parametrize("joined", [True, False])
def test_what_takes_no_denial_back_warns_of_nothing(customer: New, pregnancy: str, after: str, joined: bool) -> None:
    denied = "I'm not pregnant"
    conversation = customer()
    conversation.say(*([f"{denied}\n{after}"] if joined else [denied, after]))
    assert pregnancy not in conversation.say(SUITABILITY).text


def test_a_number_put_right_after_none_of_these_is_warned_of(customer: New, pregnancy: str) -> None:
    conversation = customer()
    reply = conversation.say("is it suitable for me?", "None of these", "oh wait, number 1")
    assert pregnancy in reply.text
    assert conversation.say(SUITABILITY).answer["verdict"] == "avoid"


def test_what_was_chosen_by_mistake_is_taken_back_at_once(customer: New, pregnancy: str) -> None:
    conversation = customer()
    assert pregnancy in conversation.say("is it suitable for me?", "1").text
    assert conversation.say("oops, none of these").answer["verdict"] == "supported"
    assert pregnancy not in conversation.say(SUITABILITY).text


@pytest.mark.parametrize("first", ["oops", "no", "None of these", "13"])
def test_a_choice_stands_until_it_is_said_again_that_it_was_none(customer: New, pregnancy: str, first: str) -> None:
    conversation = customer()
    doubted = conversation.say("is it suitable for me?", "1", first)
    assert pregnancy in doubted.text
    assert conversation.assistant.responses("still_counts") in doubted.text
    assert conversation.say("how does it work?", "none of these", SUITABILITY).answer["verdict"] == "avoid"
    other = customer()
    assert other.say("is it suitable for me?", "1", first, "none of these").answer["verdict"] == "supported"
    assert other.say(SUITABILITY).answer["verdict"] == "supported"
