"""The conversation is never lost, and no message is sent twice: reloads, two tabs, no network, no server."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Route, expect
from widget_page import MESSAGE, Chat, WidgetServer

ARTERIES = "By how much do small arteries widen?"
SECOND = "Does it help against sore muscles?"
FIGURE = "approximately 15% - 20% larger"


def outbox(chat: Chat) -> list[dict[str, object]]:
    """What the browser still has to send."""
    return list(json.loads(str(chat.page.evaluate("localStorage.getItem('assistant-widget:outbox') ?? '[]'"))))


def second_tab(chat: Chat) -> Chat:
    other = Chat(chat.page.context.new_page())
    other.visit(chat.page.url)
    return other


def test_a_reload_brings_everything_back(chat: Chat) -> None:
    chat.ask("I have a pacemaker")
    chat.ask(ARTERIES)
    expect(chat.person).to_be_visible()  # and with it, what is kept
    before = chat.log.inner_text()
    chat.field.fill("half a question")
    chat.page.reload()
    expect(chat.replies).to_have_count(2)
    expect(chat.log).to_have_text(before, use_inner_text=True)
    expect(chat.field).to_have_value("half a question")


def test_another_page_of_the_shop_has_the_same_conversation(chat: Chat) -> None:
    chat.ask(ARTERIES)
    other = second_tab(chat)
    other.open()
    expect(other.replies).to_have_count(1)


def test_two_tabs_share_what_is_said_and_rated(chat: Chat, server: WidgetServer) -> None:
    other = second_tab(chat)
    other.open()
    chat.ask(ARTERIES)
    expect(other.last).to_contain_text(FIGURE)
    other.ask(SECOND)
    expect(chat.replies).to_have_count(2)
    chat.replies.first.get_by_role("button", name="Not helpful").click()
    expect(other.replies.first.get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "true")
    assert server.asked(chat.token) == [ARTERIES, SECOND]


def test_two_tabs_that_begin_at_once_have_one_conversation(chat: Chat, server: WidgetServer) -> None:
    other = second_tab(chat)
    other.open()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    # Either tab may send what the other has written.
    context = chat.page.context
    context.route("**/session", hold)
    with context.expect_event("request", lambda request: request.url.endswith("/session")):
        chat.send(ARTERIES)
    other.send(SECOND)
    expect(other.customer.filter(has_text=SECOND)).to_be_visible()
    held[0].continue_()
    for tab in (chat, other):
        expect(tab.replies).to_have_count(2)
    assert server.asked(chat.token) == [ARTERIES, SECOND]
    assert len(held) == 1


def test_a_history_that_was_asked_for_before_a_reply_does_not_hide_it(chat: Chat) -> None:
    chat.ask(ARTERIES)
    late: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        late.append((route, route.fetch()))

    chat.page.route("**/history", hold, times=1)
    with chat.page.expect_request("**/history"):
        chat.page.evaluate(
            "dispatchEvent(new StorageEvent('storage', {key: 'assistant-widget:changed', storageArea: localStorage}))"
        )
    while not late:  # until the server has answered
        chat.page.wait_for_timeout(20)
    chat.ask(SECOND)
    route, response = late[0]
    with chat.page.expect_response("**/history"):
        route.fulfill(response=response)
    chat.ask(ARTERIES)
    expect(chat.replies).to_have_count(3)


def test_forgetting_in_one_tab_empties_the_other(chat: Chat) -> None:
    chat.ask(ARTERIES)
    other = second_tab(chat)
    other.open()
    expect(other.replies).to_have_count(1)
    other.menu("Forget me")
    other.page.get_by_role("button", name="Yes, forget everything").click()
    expect(chat.replies).to_have_count(0)


def test_what_is_written_without_network_is_kept_marked_and_sent_once(chat: Chat, server: WidgetServer) -> None:
    chat.ask(ARTERIES)
    chat.page.context.set_offline(True)
    chat.send(SECOND)
    expect(chat.customer.last).to_contain_text("Not sent yet")
    expect(chat.hint).to_contain_text("No connection. Your message is kept")
    expect(chat.hint).to_be_in_viewport(ratio=1)
    expect(chat.live).to_contain_text("No connection")
    assert [message["text"] for message in outbox(chat)] == [SECOND]
    chat.page.context.set_offline(False)
    chat.reply_after(1)
    expect(chat.hint).to_have_count(0)
    expect(chat.customer.last).not_to_contain_text("Not sent yet")
    assert server.asked(chat.token) == [ARTERIES, SECOND]
    assert outbox(chat) == []


def test_it_is_sent_also_when_the_page_was_closed_meanwhile(chat: Chat, server: WidgetServer) -> None:
    chat.page.context.set_offline(True)
    chat.send(ARTERIES)
    expect(chat.customer).to_contain_text("Not sent yet")
    chat.page.close()
    context = chat.page.context
    context.set_offline(False)
    other = Chat(context.new_page())
    other.visit(f"{server.address}/demo")  # the panel is closed here
    other.open()
    expect(other.replies).to_have_count(1)
    assert server.asked(other.token) == [ARTERIES]


def test_several_wait_in_their_order(chat: Chat, server: WidgetServer) -> None:
    chat.page.context.set_offline(True)
    for text in (ARTERIES, SECOND):
        chat.send(text)
    expect(chat.customer.filter(has_text="Not sent yet")).to_have_count(2)
    chat.page.context.set_offline(False)
    expect(chat.replies).to_have_count(2)
    assert server.asked(chat.token) == [ARTERIES, SECOND]


def test_a_reply_that_was_lost_on_its_way_is_fetched_with_the_same_id(chat: Chat, server: WidgetServer) -> None:
    ids = []
    pressed = False  # it is also tried again by itself

    def lose(route: Route) -> None:
        ids.append(json.loads(route.request.post_data or "")["id"])
        if pressed:
            route.continue_()
            return
        if len(ids) == 1:
            route.fetch()  # the server has answered it
        route.abort()

    chat.page.route(MESSAGE, lose)
    chat.send(ARTERIES)
    expect(chat.hint).to_contain_text("cannot be reached")
    chat.page.get_by_role("button", name="Try now").focus()
    pressed = True
    chat.page.keyboard.press("Enter")
    expect(chat.last).to_contain_text(FIGURE)
    expect(chat.log).to_be_focused()  # the button has gone
    assert len(set(ids)) == 1
    assert server.asked(chat.token) == [ARTERIES]


def test_a_reply_that_came_while_the_page_was_gone_is_shown_and_nothing_sent_again(chat: Chat) -> None:
    address = chat.page.url
    sent = []

    def lose(route: Route) -> None:
        sent.append(route.request.post_data)
        route.fetch()
        route.abort()

    chat.page.route(MESSAGE, lose)
    chat.send(ARTERIES)
    expect(chat.hint).to_contain_text("cannot be reached")
    chat.page.goto("about:blank")  # from where nothing is tried again
    before = len(sent)
    chat.visit(address)
    expect(chat.last).to_contain_text(FIGURE)
    expect(chat.customer).to_have_count(1)
    assert outbox(chat) == []
    assert len(sent) == before


def test_the_server_is_restarted_in_the_middle(chat: Chat, server: WidgetServer) -> None:
    chat.ask("I have a pacemaker")
    server.stop()
    chat.send("Can I use the pad?")
    expect(chat.customer.last).to_contain_text("Not sent yet")
    expect(chat.hint).to_contain_text("cannot be reached right now. Your message is kept")
    server.start()
    expect(chat.replies).to_have_count(2, timeout=60_000)
    expect(chat.last.locator(".verdict")).to_have_text("Confirm first")
    assert server.asked(chat.token) == ["I have a pacemaker", "Can I use the pad?"]


def test_a_page_loaded_while_the_server_is_away_says_so_and_recovers(chat: Chat) -> None:
    chat.ask(ARTERIES)
    chat.page.route("**/history", lambda route: route.abort())
    chat.page.reload()
    expect(chat.hint).to_contain_text("cannot be loaded right now. They are not lost.")
    chat.page.unroute("**/history")
    chat.page.get_by_role("button", name="Try now").click()
    expect(chat.replies).to_have_count(1)
    expect(chat.hint).to_have_count(0)


def stop_the_clock(chat: Chat) -> None:
    """Reload the page with a clock that only the test puts forward."""
    chat.page.clock.install()
    chat.page.reload()
    chat.page.clock.pause_at(chat.page.evaluate("Date.now()") / 1000 + 3600)


def test_a_slow_server_is_waited_for_and_said(chat: Chat, server: WidgetServer) -> None:
    stop_the_clock(chat)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    chat.page.route(MESSAGE, hold)
    with chat.page.expect_request(MESSAGE):
        chat.send(ARTERIES)
    typing = chat.page.locator(".typing")
    expect(typing).to_have_text("The assistant is writing …")
    chat.page.clock.fast_forward(10_000)
    expect(typing).to_have_text("Still working on it. Your question has been kept.")
    expect(chat.live).to_have_text("Still working on it. Your question has been kept.")
    held[0].continue_()
    expect(chat.last).to_contain_text(FIGURE)
    expect(typing).to_have_count(0)


PASSING = {
    "server error": {"status": 500, "json": {"error": {"code": "failed", "message": "Something went wrong."}}},
    "too late": {"status": 504, "json": {"error": {"code": "too_late", "message": "It takes too long."}}},
    "a proxy's page": {"status": 502, "body": "<h1>Bad gateway</h1>", "content_type": "text/html"},
    "a page in place of a reply": {"status": 200, "body": "<h1>Welcome to this wifi</h1>", "content_type": "text/html"},
    "no reply in it": {"status": 200, "json": {"id": "x", "text": "y"}},
}


@pytest.mark.parametrize("failure", PASSING.values(), ids=PASSING)
def test_what_may_pass_is_tried_again(chat: Chat, server: WidgetServer, failure: dict[str, object]) -> None:
    chat.page.route(MESSAGE, lambda route: route.fulfill(**failure), times=1)  # type: ignore[arg-type]
    chat.send(ARTERIES)
    expect(chat.last).to_contain_text(FIGURE)
    assert server.asked(chat.token) == [ARTERIES]


def test_too_many_questions_wait_as_long_as_the_server_says(chat: Chat) -> None:
    stop_the_clock(chat)
    busy = {"error": {"code": "too_many_requests", "message": "Later."}}
    chat.page.route(MESSAGE, lambda route: route.fulfill(status=429, headers={"Retry-After": "20"}, json=busy), times=1)
    chat.send(ARTERIES)
    expect(chat.hint).to_contain_text("many questions right now")
    chat.page.clock.fast_forward(10_000)
    expect(chat.hint).to_contain_text("many questions right now")
    chat.page.clock.fast_forward(11_000)
    expect(chat.last).to_contain_text(FIGURE)


def test_a_message_that_is_refused_can_be_changed_or_sent_again(chat: Chat, server: WidgetServer) -> None:
    refused = {"error": {"code": "bad_request", "message": "This cannot be read."}}
    chat.page.route(MESSAGE, lambda route: route.fulfill(status=400, json=refused), times=2)
    chat.send(ARTERIES)
    expect(chat.customer).to_contain_text("Not sent: This cannot be read.")
    chat.page.get_by_role("button", name="Send again").click()
    expect(chat.customer).to_contain_text("Not sent: This cannot be read.")
    expect(chat.page.get_by_role("button", name="Change it")).to_be_in_viewport(ratio=1)
    chat.page.get_by_role("button", name="Change it").click()
    expect(chat.field).to_be_focused()
    expect(chat.field).to_have_value(ARTERIES)
    expect(chat.customer).to_have_count(0)
    chat.ask(SECOND)
    assert server.asked(chat.token) == [SECOND]


def test_a_refused_message_holds_up_no_other(chat: Chat) -> None:
    refused = {"error": {"code": "bad_request", "message": "This cannot be read."}}
    chat.page.route(MESSAGE, lambda route: route.fulfill(status=400, json=refused), times=1)
    chat.send(ARTERIES)
    expect(chat.customer).to_contain_text("Not sent")
    chat.ask(SECOND)
    expect(chat.customer).to_have_count(2)


def test_a_conversation_that_the_server_has_lost_is_begun_anew_and_said(chat: Chat, server: WidgetServer) -> None:
    chat.ask("I have a pacemaker")
    chat.page.evaluate("localStorage.setItem('assistant-widget:token', 'no token of this server')")
    chat.send(ARTERIES)
    expect(chat.hint).to_contain_text("mention again any health condition")
    expect(chat.last).to_contain_text(FIGURE)
    expect(chat.replies).to_have_count(1)
    assert server.asked(chat.token) == [ARTERIES]


def test_a_browser_that_keeps_nothing_says_so_and_works(visit: Callable[..., Chat], server: WidgetServer) -> None:
    chat = visit()
    refuse = "throw new DOMException('refused', 'SecurityError')"
    for storage in ("localStorage", "sessionStorage"):
        chat.page.add_init_script(f"Object.defineProperty(window, '{storage}', {{ get() {{ {refuse} }} }})")
    chat.page.reload()
    chat.open()
    expect(chat.log).to_contain_text("the conversation ends when you leave it")
    expect(chat.ask(ARTERIES)).to_contain_text(FIGURE)
