"""What the stand-in for Meta tells the bot: signed, in Meta's form, until it is acknowledged."""

import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from graph_client import NUMBER, Bot, Requests

from bot.simulator import Faults, GraphServer, Phone, SimulatorError


@pytest.fixture
def one(meta: GraphServer) -> Phone:
    """A phone that has not written yet."""
    return meta.phone(NUMBER)


def delivered(meta: GraphServer, bot: Bot) -> dict[str, Any]:
    """The message delivered last, when all are acknowledged."""
    meta.settle()
    return bot.values()[-1]


def test_the_address_is_verified_before_anything_is_sent(bot: Bot, meta: GraphServer) -> None:
    assert bot.query["hub.mode"] == "subscribe"
    assert bot.query["hub.verify_token"] == meta.account.verify_token
    assert bot.query["hub.challenge"].isdigit()
    bot.challenge = "something else"
    with pytest.raises(SimulatorError, match="does not verify"):
        meta.subscribe(bot.url)
    with pytest.raises(SimulatorError, match="cannot be reached"):
        meta.subscribe("http://127.0.0.1:9/webhook")


def test_nobody_hears_of_anything_without_a_webhook() -> None:
    with GraphServer() as meta, pytest.raises(SimulatorError, match="No webhook"):
        meta.phone(NUMBER).send("Hello")


def test_the_signature_is_over_the_exact_bytes(bot: Bot, meta: GraphServer, one: Phone) -> None:
    one.send("Grüße, ½/✓ 😀")
    meta.settle()
    headers, body = bot.deliveries[0]
    expected = hmac.new(meta.account.app_secret.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == f"sha256={expected}"
    assert body.isascii()
    assert rb"\/" in body
    # Whoever reads the JSON and writes it again has other bytes.
    assert json.dumps(json.loads(body)).encode() != body
    assert bot.values()[0]["text"]["body"] == "Grüße, ½/✓ 😀"


def test_a_message_has_the_form_of_metas(bot: Bot, meta: GraphServer, one: Phone) -> None:
    id = one.send("Hello")
    meta.settle()
    payload = json.loads(bot.deliveries[0][1])
    message = payload["entry"][0]["changes"][0]["value"]["messages"][0]
    assert message.pop("timestamp").isdigit()
    assert payload == {
        "object": "whatsapp_business_account",
        "entry": [
            {
                "id": meta.account.account_id,
                "changes": [
                    {
                        "field": "messages",
                        "value": {
                            "messaging_product": "whatsapp",
                            "metadata": {
                                "display_phone_number": "15550783881",
                                "phone_number_id": meta.account.phone_number_id,
                            },
                            "contacts": [{"profile": {"name": "A customer"}, "wa_id": NUMBER}],
                            "messages": [{"from": NUMBER, "id": id, "type": "text", "text": {"body": "Hello"}}],
                        },
                    }
                ],
            }
        ],
    }


def test_a_hidden_customer_has_an_id_and_no_number(bot: Bot, meta: GraphServer) -> None:
    meta.phone("491709999999", user_id="DE.1", hidden=True).send("Hello")
    message = delivered(meta, bot)
    assert message["from_user_id"] == "DE.1"
    assert bot.changes()[0]["contacts"][0]["user_id"] == "DE.1"
    assert b"491709999999" not in bot.deliveries[0][1]


def test_buttons_and_rows_can_be_pressed_that_are_shown(
    bot: Bot, meta: GraphServer, one: Phone, requests: Requests
) -> None:
    one.send("Hello")
    with pytest.raises(SimulatorError, match="no buttons"):
        one.press(1)
    reply = {"type": "reply", "reply": {"id": "yes", "title": "Yes"}}
    requests.interactive({"type": "button", "body": {"text": "Is it?"}, "action": {"buttons": [reply]}})
    for wrong in ("No", 2, 0):
        with pytest.raises(SimulatorError, match="there is: Yes"):
            one.press(wrong)
    one.press("Yes")
    message = delivered(meta, bot)
    assert message["interactive"] == {"type": "button_reply", "button_reply": {"id": "yes", "title": "Yes"}}
    assert message["context"] == {"from": meta.account.number, "id": one.screen[0].id}
    row = {"id": "knee", "title": "Knees", "description": "Stiff ones"}
    action = {"button": "Choose", "sections": [{"rows": [row]}]}
    requests.interactive({"type": "list", "body": {"text": "Where?"}, "action": action})
    one.press(1)
    assert delivered(meta, bot)["interactive"] == {"type": "list_reply", "list_reply": row}
    one.press("Yes", one.screen[0])
    assert delivered(meta, bot)["context"]["id"] == one.screen[0].id


def test_everything_else_that_a_customer_does(bot: Bot, meta: GraphServer, one: Phone) -> None:
    def said() -> dict[str, Any]:
        message = delivered(meta, bot)
        assert message.pop("id").startswith("wamid.")
        assert message.pop("from") == NUMBER
        assert message.pop("timestamp").isdigit()
        return message

    text = one.send("Helo")
    one.image("My knee")
    image = said()["image"]
    assert (image["caption"], image["mime_type"]) == ("My knee", "image/jpeg")
    assert {"id", "sha256", "url"} <= image.keys()
    one.location(1.5, 2.5, "Home")
    assert said() == {"type": "location", "location": {"latitude": 1.5, "longitude": 2.5, "name": "Home"}}
    one.contact("A friend")
    assert said()["contacts"][0]["name"]["formatted_name"] == "A friend"
    one.react("wamid.1", "👍")
    assert said() == {"type": "reaction", "reaction": {"message_id": "wamid.1", "emoji": "👍"}}
    one.react("wamid.1", None)
    assert said() == {"type": "reaction", "reaction": {"message_id": "wamid.1"}}
    one.edit("Hello", text)
    changed = {"original_message_id": text, "message": {"type": "text", "text": {"body": "Hello"}}}
    assert said() == {"type": "edit", "edit": changed}
    one.delete(text)
    assert said() == {"type": "revoke", "revoke": {"original_message_id": text}}
    one.unsupported()
    message = said()
    assert message["errors"][0]["code"] == 131051
    assert message["unsupported"] == {"type": "poll_creation"}


def test_a_customer_who_changes_the_number_goes_on_under_the_new_one(bot: Bot, meta: GraphServer, one: Phone) -> None:
    one.send("Hello")
    one.change_number("491700000001")
    message = delivered(meta, bot)
    assert message["from"] == NUMBER
    assert message["system"] == {
        "body": f"User A customer changed from {NUMBER} to 491700000001",
        "type": "user_changed_number",
        "wa_id": "491700000001",
    }
    assert "contacts" not in bot.changes()[-1]
    one.send("It is me")
    assert delivered(meta, bot)["from"] == "491700000001"


def test_status_updates_carry_what_the_bot_sent_along(bot: Bot, meta: GraphServer, one: Phone, requests) -> None:
    meta.statuses = True
    one.send("Hello")
    id = requests.text(biz_opaque_callback_data="outbox-7").json()["messages"][0]["id"]
    one.reads = False
    requests.text()
    meta.settle()
    statuses = bot.values("statuses")
    first = [status for status in statuses if status["id"] == id]
    assert [status["status"] for status in first] == ["sent", "delivered", "read"]
    assert {status["biz_opaque_callback_data"] for status in first} == {"outbox-7"}
    assert {status["recipient_id"] for status in first} == {NUMBER}
    others = [status for status in statuses if status["id"] != id]
    assert [status["status"] for status in others] == ["sent", "delivered"]
    assert not any("biz_opaque_callback_data" in status for status in others)


def test_what_fails_late_is_accepted_first(bot: Bot, meta: GraphServer, one: Phone, requests) -> None:
    meta.late = True
    one.send("Hello")
    one.expire()
    response = requests.text(biz_opaque_callback_data="outbox-8")
    assert response.status_code == 200
    meta.settle()
    (status,) = bot.values("statuses")
    assert (status["id"], status["status"]) == (response.json()["messages"][0]["id"], "failed")
    assert status["biz_opaque_callback_data"] == "outbox-8"
    assert status["errors"][0]["code"] == 131047
    assert not one.screen


def test_what_is_not_acknowledged_comes_again(bot: Bot, meta: GraphServer, one: Phone) -> None:
    bot.statuses = [500, 404, 302]
    id = one.send("Hello")
    meta.settle()
    assert [message["id"] for message in bot.values()] == [id] * 4
    assert [acknowledgement.status for acknowledgement in meta.acknowledgements] == [500, 404, 302, 200]
    assert all(acknowledgement.ids == (id,) for acknowledgement in meta.acknowledgements)
    assert all(acknowledgement.seconds > 0 for acknowledgement in meta.acknowledgements)


def test_it_goes_on_while_nobody_listens(bot: Bot, meta: GraphServer, one: Phone) -> None:
    bot.is_gone = True
    id, end = one.send("Hello"), time.monotonic() + 60
    while len(meta.acknowledgements) < 2:
        assert time.monotonic() < end
        time.sleep(0.02)
    with pytest.raises(SimulatorError, match="1 events were not acknowledged"):
        meta.settle(0.1)
    assert {acknowledgement.status for acknowledgement in meta.acknowledgements} == {0}
    bot.is_gone = False
    meta.settle()
    assert [message["id"] for message in bot.values()] == [id]


def test_several_messages_in_one_delivery(bot: Bot, meta: GraphServer, one: Phone) -> None:
    other = meta.phone("491701111111")
    with meta.together():
        sent = [phone.send(f"{place}") for place in range(10) for phone in (one, other)]
    meta.settle()
    assert len(bot.deliveries) == 1
    assert [message["id"] for message in bot.values()] == sent
    payload = json.loads(bot.deliveries[0][1])
    assert len(payload["entry"]) > 1
    assert len(bot.changes()) > len(payload["entry"])
    for value in bot.changes():  # whoever wrote is among the contacts
        assert {message["from"] for message in value["messages"]} == {c["wa_id"] for c in value["contacts"]}


def test_a_repeat_on_command_comes_with_others(bot: Bot, meta: GraphServer, one: Phone) -> None:
    first, second = one.send("One"), one.send("Two")
    meta.settle()
    meta.repeat(first, second)
    meta.settle()
    assert [message["id"] for message in bot.values()] == [first, second, first, second]
    assert len(bot.deliveries) == 3
    with pytest.raises(SimulatorError, match="no such message"):
        meta.repeat("wamid.other")


def test_an_error_that_is_about_no_message(bot: Bot, meta: GraphServer) -> None:
    meta.error_notice(131000)
    meta.settle()
    assert bot.values("errors")[0]["code"] == 131000


def test_faults_repeat_reorder_batch_and_delay_and_lose_nothing(bot: Bot) -> None:
    faults = Faults(seed=3, repeat=0.3, reorder=0.2, batch=5, delay=0.02)
    with GraphServer(faults=faults, lanes=2, retry=(0.02, 0.1), webhook_seconds=60) as meta:
        meta.subscribe(bot.url)
        bot.statuses = [500] * 5
        phones = [meta.phone(f"49170000000{place}") for place in range(5)]
        sent = [phone.send(str(place)) for place in range(20) for phone in phones]
        meta.settle()
    came = [message["id"] for message in bot.values()]
    assert set(came) == set(sent)
    assert len(came) > len(sent) + 10
    assert len(bot.deliveries) < len(came)
    first = list(dict.fromkeys(message["id"] for message in bot.values() if message["from"] == phones[0].number))
    assert first != phones[0].sent


def test_without_faults_each_customers_messages_come_once_and_in_order(bot: Bot, meta: GraphServer) -> None:
    phones = [meta.phone(f"49170000000{place}") for place in range(5)]
    for place in range(20):
        for phone in phones:
            phone.send(str(place))
    meta.settle()
    for phone in phones:
        assert [message["id"] for message in bot.values() if message["from"] == phone.number] == phone.sent
