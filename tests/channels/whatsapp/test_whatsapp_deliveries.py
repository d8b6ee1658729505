"""What is read out of Meta's deliveries: each event as what it is, and nothing lost beside what cannot be read."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutated import mutated
from payloads import CUSTOMER, NUMBER, fixture, only

from bot.channels.whatsapp import deliveries
from bot.channels.whatsapp.deliveries import Delivery, UnreadableError
from bot.store.inbox import Arrived, Deleted, Edited, Moved, Reacted, Receipt

NOW = 1790000060.0
AT = 1790000000.0


def read(delivery: object) -> Delivery:
    return deliveries.read(json.dumps(delivery).encode(), NUMBER, NOW)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("text", {"kind": "text", "text": "does it help sore muscles?"}),
        ("text_with_context", {"kind": "text", "text": "and how often?"}),
        ("ad_referral", {"kind": "text", "text": "is this for me?"}),
        ("button_reply", {"kind": "reply", "text": "How to use it", "reply_id": "therapy-pads#use"}),
        ("list_reply", {"kind": "reply", "text": "Pacemaker", "reply_id": "screening-3"}),
        ("template_button", {"kind": "reply", "text": "Go on", "reply_id": "go-on"}),
        ("image_with_caption", {"kind": "media", "text": "is this rash a problem?", "unread": "image"}),
        ("image", {"kind": "media", "text": "", "unread": "image"}),
        ("video", {"kind": "media", "text": "", "unread": "video"}),
        ("audio", {"kind": "media", "text": "", "unread": "audio"}),
        ("voice", {"kind": "media", "text": "", "unread": "voice"}),
        ("document", {"kind": "media", "text": "what my doctor wrote", "unread": "document"}),
        ("sticker", {"kind": "media", "text": "", "unread": "sticker"}),
        ("location", {"kind": "location", "text": "", "unread": "location"}),
        ("contacts", {"kind": "contacts", "text": "", "unread": "contacts"}),
        ("unsupported", {"kind": "unsupported", "text": "", "unread": "poll_creation"}),
    ],
)
def test_what_is_to_be_answered(name: str, body: dict[str, str]) -> None:
    assert read(fixture(name)) == Delivery((Arrived("wamid.IN1", CUSTOMER, "15550001111", AT, body),), (), ())


def test_what_changes_something_said_before() -> None:
    (edit,) = read(fixture("edit")).events
    body = {"kind": "text", "text": "does it help sore knees?"}
    assert edit == Edited("wamid.IN2", CUSTOMER, "15550001111", AT + 5, body, "wamid.IN1")
    (caption,) = read(fixture("edit_of_caption")).events
    assert isinstance(caption, Edited)
    assert caption.body == {"kind": "media", "text": "is this mole a problem?", "unread": "image"}
    assert read(fixture("revoke")).events == (Deleted("wamid.IN2", CUSTOMER, "wamid.IN1"),)
    assert read(fixture("reaction")).events == (Reacted("wamid.IN1", CUSTOMER, "wamid.OUT1", "👍🏽"),)
    assert read(fixture("reaction_removed")).events == (Reacted("wamid.IN2", CUSTOMER, "wamid.OUT1", None),)


def test_a_change_of_number() -> None:
    new = ("user:US.30000000000000000003", "wa:15550003333")
    assert read(fixture("number_changed")).events == (Moved("wamid.IN2", CUSTOMER, new, "15550003333", AT + 5),)
    assert read(fixture("number_changed_without_user_id")).events == (
        Moved("wamid.IN2", ("wa:15550001111",), ("wa:15550003333",), "15550003333", AT + 5),
    )
    assert read(fixture("user_id_changed")).events == (
        Moved("wamid.IN2", CUSTOMER[:1], new[:1], "US.30000000000000000003", AT + 5),
    )


@pytest.mark.parametrize("name", ["sent", "delivered", "read"])
def test_what_reached_the_customer(name: str) -> None:
    went = Receipt("0123456789abcdef0123456789abcdef", "wamid.OUT1", None)
    assert read(fixture(name)) == Delivery((), (went,), ())


def test_what_did_not_and_what_was_sent_by_others() -> None:
    (failed,) = read(fixture("failed")).receipts
    assert failed.error == "131026 Message undeliverable"
    assert read(fixture("delivered_without_callback")).receipts == (Receipt(None, "wamid.OUT1", None),)


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("order", "a message of the type order"),
        ("request_welcome", "a message of the type request_welcome"),
        ("flow_reply", "an interactive message of the type nfm_reply"),
        ("group_text", "a message of a group"),
        ("other_number", "something for another number"),
        ("value_errors", "Meta's error 130429 Rate limit hit"),
        ("account_update", "a change of account_update"),
    ],
)
def test_what_is_noted_only(name: str, note: str) -> None:
    assert read(fixture(name)) == Delivery((), (), (note,))


def test_every_entry_change_message_and_status_is_read() -> None:
    found = read(fixture("batch"))
    said = [(each.id, each.identities[0]) for each in found.events]
    other = "user:US.20000000000000000002"
    assert said == [
        ("wamid.A1", CUSTOMER[0]),
        ("wamid.A2", CUSTOMER[0]),
        ("wamid.A3", CUSTOMER[0]),
        ("wamid.B1", other),
    ]
    assert len(found.receipts) == 2


def test_who_wrote_it() -> None:
    (without,) = read(fixture("text_without_user_id")).events
    assert without.identities == ("wa:15550001111",)
    (hidden,) = read(fixture("text_without_number")).events
    assert isinstance(hidden, Arrived)
    assert (hidden.identities, hidden.address) == (CUSTOMER[:1], "US.10000000000000000001")
    # The user id stands beside the contact alone; the number is written in another way there.
    delivery = fixture("text")
    del only(delivery)["from_user_id"]
    delivery["entry"][0]["changes"][0]["value"]["contacts"][0]["wa_id"] = "1550001111"
    (other,) = read(delivery).events
    assert isinstance(other, Arrived)
    assert (other.identities, other.address) == ((CUSTOMER[0], "wa:1550001111", CUSTOMER[1]), "15550001111")
    # A contact with another user id is somebody else.
    only(delivery)["from_user_id"] = "US.20000000000000000002"
    (third,) = read(delivery).events
    assert third.identities == ("user:US.20000000000000000002", CUSTOMER[1])


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("1790000000", AT),
        (1790000000, AT),
        ("1790003600", NOW),
        ("99999999999999999999", NOW),
        (10**400, NOW),
        ("0", NOW),
        ("-1", NOW),
        ("soon", NOW),
        ("٣", NOW),
        (None, NOW),
        (True, NOW),
        (["1790000000"], NOW),
        (float("nan"), NOW),
    ],
)
def test_a_date_that_cannot_be_is_now(written: object, at: float) -> None:
    delivery = fixture("text")
    only(delivery)["timestamp"] = written
    (message,) = read(delivery).events
    assert isinstance(message, Arrived)
    assert message.at == at


def test_text_is_kept_up_to_a_bound_and_a_message_without_any_is_answered() -> None:
    delivery = fixture("text")
    only(delivery)["text"]["body"] = "a" * 5000
    (message,) = read(delivery).events
    assert isinstance(message, Arrived)
    assert len(message.body["text"]) == 4096
    only(delivery)["text"]["body"] = " \n"
    (message,) = read(delivery).events
    assert isinstance(message, Arrived)
    assert message.body["kind"] == "unsupported"


@pytest.mark.parametrize("id", [None, 7, "", "a" * 201, "a\0b", "\ud83d", ["x"]])
def test_what_no_database_can_hold_as_an_id_is_left_aside(id: object) -> None:
    delivery = fixture("batch")
    only(delivery)["id"] = id
    found = read(delivery)
    assert [each.id for each in found.events] == ["wamid.A2", "wamid.A3", "wamid.B1"]
    assert found.notes == ("a message without an id",)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"object": "page"}', b"\xff\xfe", b"[" * 100_000, b"9" * 9999]
)
def test_what_is_no_delivery_at_all(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        deliveries.read(body, NUMBER, NOW)


RATINGS = {"👍": "up", "👍🏿": "up", "❤️": "up", "💙": "up", "👎": "down", "👎🏻": "down"}


@pytest.mark.parametrize(
    ("emoji", "said"), [*RATINGS.items(), *((other, None) for other in ("😂", "", None, "❤💙", "🏽"))]
)
def test_what_a_reaction_says(emoji: str | None, said: str | None) -> None:
    assert deliveries.rating(emoji) == said


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_anything_may_stand_anywhere_and_loses_nothing_beside_it(data: st.DataObject) -> None:
    delivery = data.draw(mutated())
    good = fixture("text")["entry"][0]
    if isinstance(delivery, dict) and isinstance(delivery.get("entry"), list):
        good["changes"][0]["value"]["messages"][0]["id"] = "wamid.GOOD"
        delivery["entry"].append(good)
    try:
        found = read(delivery)
    except UnreadableError:
        return
    assert isinstance(delivery.get("entry"), list) is any(each.id == "wamid.GOOD" for each in found.events)
    assert "Aardvark" not in " ".join(note for note in found.notes if not note.startswith("Meta's error"))
    for event in found.events:
        if isinstance(event, Arrived):
            json.dumps(event.body).encode("ascii")
            assert event.at <= NOW
            assert len(event.body["text"]) <= 4096
