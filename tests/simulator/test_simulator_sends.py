"""What the stand-in for Meta takes and what it refuses, each limit on both sides."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from graph_client import NUMBER, Requests

from bot.simulator import Faults, GraphServer, Phone


def refused(response: httpx.Response, code: int, status: int = 400) -> dict[str, Any]:
    """The error of a response, whose form is Meta's."""
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert error["code"] == code
    assert (
        {"message", "type", "code", "fbtrace_id"}
        <= error.keys()
        <= {
            "message",
            "type",
            "code",
            "error_subcode",
            "error_data",
            "fbtrace_id",
        }
    )
    if "error_data" in error:
        assert error["error_data"].keys() == {"messaging_product", "details"}
    return error


def buttons(*choices: tuple[str, str], body: str = "Which?", **more: Any) -> dict[str, Any]:
    replies = [{"type": "reply", "reply": {"id": id, "title": title}} for id, title in choices]
    return {"type": "button", "body": {"text": body}, "action": {"buttons": replies}, **more}


def rows(count: int, **changed: Any) -> list[dict[str, Any]]:
    return [{"id": f"row{place}", "title": f"Row {place}", **changed} for place in range(count)]


def listed(*sections: dict[str, Any], button: str = "Choose", body: str = "Which?") -> dict[str, Any]:
    return {"type": "list", "body": {"text": body}, "action": {"button": button, "sections": list(sections)}}


def test_a_text_is_accepted_and_shown(requests, phone: Phone) -> None:
    response = requests.text("*Hello* there", biz_opaque_callback_data="abc")
    assert response.status_code == 200
    answer = response.json()
    assert answer["messaging_product"] == "whatsapp"
    assert answer["contacts"] == [{"input": phone.number, "wa_id": phone.number}]
    shown = phone.wait(5)
    assert (shown.id, shown.text, shown.callback) == (answer["messages"][0]["id"], "*Hello* there", "abc")


LIMITS: list[tuple[str, int, Callable[[str], dict[str, Any]], int]] = [
    ("text", 4096, lambda text: {"type": "text", "text": {"body": text}}, 100),
    (
        "callback",
        512,
        lambda text: {"type": "text", "text": {"body": "Hi"}, "biz_opaque_callback_data": text},
        100,
    ),
]
INTERACTIVE: list[tuple[str, int, Callable[[str], dict[str, Any]]]] = [
    ("body of buttons", 1024, lambda text: buttons(("a", "A"), body=text)),
    ("title of a button", 20, lambda text: buttons(("a", text))),
    ("id of a button", 256, lambda text: buttons((text, "A"))),
    ("header", 60, lambda text: buttons(("a", "A"), header={"type": "text", "text": text})),
    ("footer", 60, lambda text: buttons(("a", "A"), footer={"text": text})),
    ("body of a list", 1024, lambda text: listed({"rows": rows(1)}, body=text)),
    ("button of a list", 20, lambda text: listed({"rows": rows(1)}, button=text)),
    ("title of a section", 24, lambda text: listed({"title": text, "rows": rows(1)})),
    ("title of a row", 24, lambda text: listed({"rows": rows(1, title=text)})),
    ("description of a row", 72, lambda text: listed({"rows": rows(1, description=text)})),
    ("id of a row", 200, lambda text: listed({"rows": rows(1, id=text)})),
]
LIMITS += [
    (name, most, lambda text, make=make: {"type": "interactive", "interactive": make(text)}, 131009)
    for name, most, make in INTERACTIVE
]


@pytest.mark.parametrize(("most", "make", "code"), [each[1:] for each in LIMITS], ids=[each[0] for each in LIMITS])
def test_the_longest_is_taken_and_one_more_refuses_the_whole_message(
    requests, phone: Phone, most: int, make: Callable[[str], dict[str, Any]], code: int
) -> None:
    assert requests.send(**make("é" * most)).status_code == 200
    refused(requests.send(**make("é" * (most + 1))), code)
    assert len(phone.screen) == 1


@pytest.mark.parametrize(("make", "code"), [each[2:] for each in LIMITS if each[0] != "callback"])
def test_nothing_may_be_blank(requests, phone: Phone, make: Callable[[str], dict[str, Any]], code: int) -> None:
    for blank in ("", " "):
        refused(requests.send(**make(blank)), code)
    assert not phone.screen


def test_three_buttons_at_most_and_each_its_own(requests, phone: Phone) -> None:
    three = [("a", "A"), ("b", "B"), ("c", "C")]
    assert requests.interactive(buttons(*three)).status_code == 200
    for wrong in ([], [*three, ("d", "D")], [("a", "A"), ("a", "B")], [("a", "A"), ("b", "A")], [(" a", "A")]):
        refused(requests.interactive(buttons(*wrong)), 131009)
    assert [choice.title for choice in phone.wait(5).choices] == ["A", "B", "C"]
    assert len(phone.screen) == 1


def test_ten_rows_at_most_over_all_sections(requests, phone: Phone) -> None:
    first, second = {"title": "One", "rows": rows(6)}, {"title": "Two", "rows": rows(10)[6:]}
    assert requests.interactive(listed(first, second)).status_code == 200
    refused(requests.interactive(listed(first, {"title": "Two", "rows": rows(11)[6:]})), 131009)
    refused(requests.interactive(listed(first, {"title": "Two", "rows": rows(2)})), 131009)  # the same ids again
    refused(requests.interactive(listed(first, {"title": "Two", "rows": []})), 131009)
    refused(requests.interactive(listed()), 131009)
    assert [choice.section for choice in phone.last.choices] == ["One"] * 6 + ["Two"] * 4


def test_several_sections_need_titles(requests, phone: Phone) -> None:
    refused(requests.interactive(listed({"rows": rows(1)}, {"title": "Two", "rows": rows(2)[1:]})), 100)


@pytest.mark.parametrize(
    "payload",
    [
        {"to": "491511234567", "type": "text", "text": {"body": "Hi"}},
        {"messaging_product": "sms", "to": "491511234567", "type": "text", "text": {"body": "Hi"}},
        {"messaging_product": "whatsapp", "type": "text", "text": {"body": "Hi"}},
        {"messaging_product": "whatsapp", "to": 491511234567, "type": "text", "text": {"body": "Hi"}},
        {"messaging_product": "whatsapp", "to": "491511234567", "type": "text"},
        {"messaging_product": "whatsapp", "to": "491511234567", "type": "text", "text": {}},
        {"messaging_product": "whatsapp", "to": "491511234567", "type": "text", "text": {"body": "Hi", "style": 1}},
        {"messaging_product": "whatsapp", "to": "491511234567", "type": "text", "text": {"body": "Hi"}, "more": 1},
        {"messaging_product": "whatsapp", "to": "491511234567", "type": "text", "text": {"body": 1}},
        {"messaging_product": "whatsapp", "to": "491511234567", "type": "poll", "poll": {}},
        {"messaging_product": "whatsapp", "status": "seen", "message_id": "wamid.1"},
        {"messaging_product": "whatsapp", "status": "read"},
        ["text"],
    ],
)
def test_what_has_another_form_is_refused(requests, phone: Phone, payload: Any) -> None:
    error = refused(requests.post(payload), 100)
    assert error["message"].startswith("(#100) ")


def test_a_body_that_is_no_json_is_refused(requests, phone: Phone) -> None:
    kind = {"Content-Type": "application/json"}
    refused(requests.post(None, json=None, content=b"{", headers=requests.headers | kind), 100)
    refused(requests.post(None, json=None, content=b"{}", headers=requests.headers), 100)


def test_a_number_that_is_none_is_refused(requests, phone: Phone) -> None:
    for to in ("me", "12", "+49 151 1234567 ext"):
        refused(requests.post({"messaging_product": "whatsapp", "to": to, "text": {"body": "Hi"}}), 131009)
    assert requests.post({"messaging_product": "whatsapp", "to": "+49 (151) 123-4567", "text": {"body": "Hi"}}).json()[
        "contacts"
    ] == [{"input": "+49 (151) 123-4567", "wa_id": phone.number}]


def test_the_token_counts(requests, phone: Phone) -> None:
    for header in ({}, {"Authorization": "Bearer other"}, {"Authorization": requests.meta.account.access_token}):
        error = refused(requests.post({}, headers=header), 190, 401)
        assert error["type"] == "OAuthException"


def test_the_phone_number_id_counts(requests, meta: GraphServer, phone: Phone) -> None:
    error = refused(requests.post({}, url=f"{meta.url}/999/messages"), 100)
    assert (error["error_subcode"], error["type"]) == (33, "GraphMethodException")


def test_unknown_paths_and_methods_are_errors(requests, meta: GraphServer) -> None:
    root = meta.url.removesuffix("/v25.0")
    assert requests.post({}, url=f"{root}/messages").status_code == 400
    assert requests.post({}, url=f"{meta.url}/{meta.account.phone_number_id}/media").status_code == 400
    assert requests.get(f"{meta.account.phone_number_id}/messages").status_code == 400
    messages = f"{meta.url}/{meta.account.phone_number_id}/messages"
    assert httpx.delete(messages, headers=requests.headers, timeout=60).status_code == 400


def test_the_proof_of_the_app_secret_is_checked(requests, meta: GraphServer) -> None:
    account = meta.account
    proof = hmac.new(account.app_secret.encode(), account.access_token.encode(), hashlib.sha256).hexdigest()
    answer = requests.get(account.phone_number_id, fields="verified_name,status", appsecret_proof=proof)
    assert answer.json() == {"verified_name": "A supplier", "status": "CONNECTED", "id": account.phone_number_id}
    refused(requests.get(account.phone_number_id, appsecret_proof="0" * 64), 100)
    refused(requests.get(account.phone_number_id, fields="shoe_size"), 100)


def test_a_read_receipt_is_for_what_came_from_a_phone(requests, phone: Phone) -> None:
    receipt = {"messaging_product": "whatsapp", "status": "read", "typing_indicator": {"type": "text"}}
    assert not phone.typing
    assert requests.post({**receipt, "message_id": phone.sent[0]}).json() == {"success": True}
    assert phone.typing
    assert phone.read == {phone.sent[0]}
    refused(requests.post({**receipt, "message_id": "wamid.other"}), 131009)
    refused(requests.post({**receipt, "message_id": phone.sent[0], "typing_indicator": {"type": "voice"}}), 100)
    requests.text()
    assert not phone.typing


def test_a_day_after_the_last_message_only_templates_go(requests, meta: GraphServer, phone: Phone) -> None:
    phone.expire()
    refused(requests.text(), 131047)
    template = {"name": "we_answered", "language": {"code": "en"}}
    answer = requests.send(type="template", template=template).json()
    assert answer["messages"][0]["message_status"] == "accepted"
    assert phone.wait(5).text == "Your question has an answer. Write to us to read it."
    refused(requests.send(type="template", template={**template, "language": {"code": "de"}}), 132001, 404)
    refused(requests.send(type="template", template={**template, "name": "other"}), 132001, 404)
    parameters = [{"type": "body", "parameters": [{"type": "text", "text": "one too many"}]}]
    refused(requests.send(type="template", template={**template, "components": parameters}), 132000)
    phone.react(phone.last.id, "👍")
    refused(requests.text(), 131047)  # a reaction opens nothing
    phone.send("And now?")
    assert requests.text().status_code == 200


def test_whoever_never_wrote_or_cannot_be_reached_gets_nothing(requests, meta: GraphServer, phone: Phone) -> None:
    message = {"messaging_product": "whatsapp", "type": "text", "text": {"body": "Hi"}}
    refused(requests.post({**message, "to": "491700000000"}), 131026)
    meta.phone("491700000000")
    refused(requests.post({**message, "to": "491700000000"}), 131047)
    refused(requests.post({**message, "to": meta.account.number}), 131021)
    phone.reachable = False
    refused(requests.text(), 131026)


def test_answers_name_messages_of_the_same_chat(requests, phone: Phone) -> None:
    assert requests.text(context={"message_id": phone.sent[0]}).status_code == 200
    refused(requests.text(context={"message_id": "wamid.other"}), 131009)
    assert requests.send(type="reaction", reaction={"message_id": phone.sent[0], "emoji": "👍"}).status_code == 200
    refused(requests.send(type="reaction", reaction={"message_id": "wamid.other", "emoji": "👍"}), 131009)


def test_a_customer_without_a_number_is_reached_by_the_id(requests, meta: GraphServer) -> None:
    hidden = meta.phone("491709999999", user_id="DE.13491208655302741918", hidden=True)
    hidden.send("Hello")
    message = {"messaging_product": "whatsapp", "type": "text", "text": {"body": "Hi"}}
    answer = requests.post({**message, "recipient": hidden.user_id})
    assert answer.json()["contacts"] == [{"input": hidden.user_id, "user_id": hidden.user_id}]
    refused(requests.post({**message, "to": hidden.user_id}), 131009)
    refused(requests.post({**message, "recipient": hidden.number}), 131009)


def test_a_burst_to_one_customer_is_paid_for(requests, meta: GraphServer, phone: Phone) -> None:
    now = [1000.0]
    meta.pace.clock = lambda: now[0]
    meta.pace.pair_seconds, meta.pace.pair_burst = 6.0, 3
    assert [requests.text().status_code for _ in range(3)] == [200] * 3
    refused(requests.text(), 131056)
    now[0] += 17.9
    refused(requests.text(), 131056)
    now[0] += 0.1
    assert requests.text().status_code == 200
    now[0] += 6
    assert requests.text().status_code == 200
    assert len(phone.screen) == 5
    # A burst ends after six seconds, and what it borrowed is paid back before the next one, however few it has.
    now[0] += 60
    assert [requests.text().status_code for _ in range(2)] == [200] * 2
    now[0] += 7
    refused(requests.text(), 131056)
    now[0] += 5
    assert requests.text().status_code == 200


def test_so_many_messages_a_second(requests, meta: GraphServer, phone: Phone) -> None:
    now = [1000.0]
    meta.pace.clock = lambda: now[0]
    meta.pace.throughput = 2
    assert [requests.text().status_code for _ in range(2)] == [200] * 2
    refused(requests.text(), 130429)
    now[0] += 1
    assert requests.text().status_code == 200


def test_faults_on_command(requests, meta: GraphServer, phone: Phone) -> None:
    meta.fail(131016)
    refused(requests.text(), 131016, 500)
    meta.fail("broken")
    assert requests.text().status_code == 502
    meta.fail("reset")
    with pytest.raises(httpx.TransportError):
        requests.text()
    assert not phone.screen
    meta.fail("lost")
    with pytest.raises(httpx.TransportError):
        requests.text("It came all the same")
    assert phone.wait(5).text == "It came all the same"
    meta.fail("stall")
    with pytest.raises(httpx.ReadTimeout):
        requests.text(timeout=httpx.Timeout(5, read=0.2))
    meta.fail(130429, to="491700000000")
    assert requests.text().status_code == 200
    meta.fail_always(190)
    refused(requests.text(), 190, 401)
    refused(requests.text(), 190, 401)
    meta.fail_always(None)
    assert requests.text().status_code == 200


def test_faults_by_chance_are_the_same_with_the_same_seed(bot) -> None:
    def play(seed: int) -> list[int]:
        with GraphServer(faults=Faults(seed=seed, fail=0.5), pair_seconds=0, throughput=0, statuses=False) as meta:
            meta.subscribe(bot.url)
            meta.phone(NUMBER).send("Hello")
            return [Requests(meta).text().status_code for _ in range(20)]

    first = play(1)
    assert 200 in first
    assert set(first) - {200} <= {400, 500}
    assert len(set(first)) > 1
    assert play(1) == first
