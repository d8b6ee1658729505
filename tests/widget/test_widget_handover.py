"""A person takes the conversation over: what a customer sees and hears of it, and how the page asks for it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Request, expect
from staff import AWAY, Staff
from test_widget_access import PHONE, violations
from widget_page import KEY, MESSAGE, Chat, WidgetServer

NEWS = "**/webhooks/web/news"
LOOK, LATER = 5_000, 20_000  # milliseconds between two looks for news


@pytest.fixture
def staff(server: WidgetServer) -> Staff:
    return Staff(server.database, KEY)


def look(chat: Chat, after: int = LOOK) -> None:
    """Let the time pass until the page looks for news."""
    chat.page.clock.fast_forward(after)


@pytest.fixture
def passed_on(chat: Chat, staff: Staff) -> Chat:
    """A customer whose conversation was passed on, with a clock that can be put forward."""
    chat.page.clock.install()
    chat.ask("hello")
    staff.asked(chat.token)
    chat.send("Is somebody there?")
    expect(chat.status).to_have_text("Passed on to a person. The answer will appear here.")
    return chat


def test_who_writes_to_a_person_is_told_so(passed_on: Chat, server: WidgetServer) -> None:
    chat = passed_on
    expect(chat.live).to_contain_text("Passed on to a person")
    expect(chat.customer.last).to_contain_text("Passed on")
    expect(chat.customer.first).not_to_contain_text("Passed on")
    chat.send("I can wait.")
    expect(chat.customer.last).to_contain_text("Passed on")
    expect(chat.live).to_have_text("Passed on")
    expect(chat.replies).to_have_count(1)
    expect(chat.hint).to_have_count(0)
    assert server.asked(chat.token) == ["hello", "Is somebody there?", "I can wait."]


def test_what_a_person_says_appears_and_is_announced(passed_on: Chat, staff: Staff) -> None:
    chat = passed_on
    staff.say(chat.token, "Hello, <b>how</b> can I help?", name="A. Person")
    look(chat)
    expect(chat.staff).to_contain_text("Hello, <b>how</b> can I help?")
    expect(chat.staff.locator(".who")).to_contain_text("A. Person")
    expect(chat.live).to_have_text("A. Person: Hello, <b>how</b> can I help? A person is here.")
    expect(chat.status).to_have_text("A person is here.")
    expect(chat.staff).to_be_in_viewport(ratio=1)
    staff.say(chat.token, "I have no name.")
    look(chat)
    expect(chat.staff.last.locator(".who")).to_contain_text("A person")
    expect(chat.live).to_have_text("A person: I have no name.")
    expect(chat.replies).to_have_count(1)


def test_a_reload_brings_the_person_back_and_looking_goes_on(passed_on: Chat, staff: Staff) -> None:
    chat = passed_on
    staff.say(chat.token, "One.", name="A. Person")
    look(chat)
    expect(chat.staff).to_have_count(1)
    expect(chat.person).to_be_visible()  # and with it, what is kept
    before = chat.log.inner_text()
    chat.page.reload()
    expect(chat.staff).to_have_count(1)
    expect(chat.log).to_have_text(before, use_inner_text=True)
    expect(chat.status).to_have_text("A person is here.")
    expect(chat.live).to_be_empty()  # what was read before is not said again
    staff.say(chat.token, "Two.")
    look(chat)
    expect(chat.staff.last).to_contain_text("Two.")


def test_given_back_the_assistant_answers_and_nobody_looks_any_more(passed_on: Chat, staff: Staff) -> None:
    chat = passed_on
    staff.say(chat.token, "One.")
    look(chat)
    expect(chat.staff).to_have_count(1)
    back = staff.give_back(chat.token)
    look(chat)
    expect(chat.log.locator("li.note")).to_have_text(back)
    expect(chat.live).to_have_text(back)
    expect(chat.status).to_be_empty()
    looks: list[str] = []
    chat.page.on("request", lambda request: looks.append(request.url) if request.url.endswith("/news") else None)
    look(chat, 600_000)
    chat.ask("thanks")
    expect(chat.customer.last).not_to_contain_text("Passed on")
    assert looks == []


def test_nobody_is_there_yet_and_the_assistant_goes_on(chat: Chat, staff: Staff) -> None:
    chat.page.clock.install()
    chat.ask("hello")
    staff.asked(chat.token, AWAY)
    chat.ask("By how much do small arteries widen?")
    expect(chat.status).to_contain_text("A person will answer here. Until then I go on answering.")
    expect(chat.customer.last).not_to_contain_text("Passed on")
    staff.say(chat.token, "Good morning.")
    look(chat, LATER)
    expect(chat.staff).to_contain_text("Good morning.")
    expect(chat.status).to_have_text("A person is here.")


def test_a_closed_panel_shows_that_somebody_has_written(passed_on: Chat, staff: Staff, server: WidgetServer) -> None:
    chat = passed_on
    chat.dialog.get_by_role("button", name="Close").click()
    expect(chat.launcher).to_have_accessible_name("Ask us")
    staff.say(chat.token, "One.", name="A. Person")
    look(chat)
    expect(chat.launcher).to_have_accessible_name("Ask us 1 new")
    outside = chat.page.locator("assistant-widget section > [role=status]")
    expect(outside).to_contain_text("A. Person: One.")
    chat.visit(f"{server.address}/demo")  # another page, the panel still closed
    staff.say(chat.token, "Two.")
    look(chat)
    expect(chat.launcher).to_have_accessible_name("Ask us 2 new")
    chat.open()
    expect(chat.staff).to_have_count(2)
    chat.dialog.get_by_role("button", name="Close").click()
    expect(chat.launcher).to_have_accessible_name("Ask us")


def test_a_page_that_nobody_sees_does_not_ask(passed_on: Chat, staff: Staff) -> None:
    chat = passed_on
    hide = """hidden => {
        Object.defineProperty(document, 'hidden', {configurable: true, value: hidden});
        document.dispatchEvent(new Event('visibilitychange'));
    }"""
    under_way: set[Request] = set()

    def ended(request: Request) -> None:
        under_way.discard(request)

    chat.page.on("request", lambda request: under_way.update([request]))
    chat.page.on("requestfinished", ended)
    chat.page.on("requestfailed", ended)
    chat.page.evaluate(hide, True)
    while under_way:  # a look, begun before
        chat.page.wait_for_timeout(50)
    looks: list[str] = []
    chat.page.on("request", lambda request: looks.append(request.url))
    staff.say(chat.token, "One.")
    look(chat, 600_000)
    chat.page.wait_for_timeout(500)
    assert looks == []
    with chat.page.expect_request(NEWS):  # at once
        chat.page.evaluate(hide, False)
    expect(chat.staff).to_have_count(1)


def test_a_server_that_fails_is_asked_less_often_and_nothing_is_lost(passed_on: Chat, staff: Staff) -> None:
    chat = passed_on
    looks: list[str] = []

    def fail(route: object) -> None:
        looks.append("look")
        route.fulfill(status=503, json={})  # type: ignore[attr-defined]

    chat.page.route(NEWS, fail)
    staff.say(chat.token, "One.")
    for _ in range(24):  # two minutes
        chat.page.clock.run_for(5_000)
        chat.page.wait_for_timeout(50)  # for the refusal to come back
    assert 2 <= len(looks) <= 6
    expect(chat.hint).to_have_count(0)
    expect(chat.field).to_be_enabled()
    chat.page.unroute(NEWS)
    chat.page.clock.run_for(60_000)
    expect(chat.staff).to_contain_text("One.")


def test_a_reply_and_a_handover_in_one_start_it(chat: Chat, staff: Staff) -> None:
    """As where the customer presses Yes: the offer is a question like any other."""
    chat.page.clock.install()
    options = [{"id": "yes", "title": "Yes"}, {"id": "no", "title": "No"}]
    chat.replace_replies(question={"text": "Shall a person take over here?", "options": options, "multiple": False})
    chat.ask("hello")
    chat.page.unroute(MESSAGE)
    chosen: list[object] = []

    def hand_over(route: object) -> None:
        request = route.request  # type: ignore[attr-defined]
        sent = request.post_data_json
        chosen.append(sent["chosen"]["options"])
        staff.asked(chat.token)
        reply = {"text": "I have passed it on.", "answer": {"id": sent["id"], "kind": "handover", "handover": "asked"}}
        data = {"id": sent["id"], "text": "Yes", "reply": reply, "handover": "asked"}
        route.fulfill(json=data)  # type: ignore[attr-defined]

    chat.page.route(MESSAGE, hand_over)
    chat.page.get_by_role("button", name="Yes").click()
    expect(chat.status).to_have_text("Passed on to a person. The answer will appear here.")
    assert chosen == [["yes"]]
    chat.page.unroute(MESSAGE)
    staff.say(chat.token, "Here I am.")
    look(chat)
    expect(chat.staff).to_contain_text("Here I am.")


def test_forgetting_ends_it(passed_on: Chat, staff: Staff) -> None:
    chat = passed_on
    staff.say(chat.token, "One.")
    look(chat)
    expect(chat.staff).to_have_count(1)
    chat.menu("Forget me")
    chat.page.get_by_role("button", name="Yes, forget everything").click()
    expect(chat.staff).to_have_count(0)
    expect(chat.status).to_be_empty()
    kept = chat.page.evaluate("Object.keys(localStorage).sort()")
    assert kept == ["assistant-widget:changed", "assistant-widget:contact"]
    chat.ask("hello")


@pytest.mark.parametrize("context", [{}, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_while_a_person_is_there(
    visit: Callable[..., Chat], staff: Staff, scheme: str, context: dict[str, object]
) -> None:
    chat = visit(color_scheme=scheme, **context)
    chat.page.clock.install()
    chat.open()
    chat.ask("hello")
    staff.asked(chat.token)
    chat.send("Is somebody there?")
    expect(chat.status).to_contain_text("Passed on")
    found = violations(chat)
    staff.say(chat.token, "Good morning.", name="A. Person")
    look(chat)
    expect(chat.staff).to_have_count(1)
    staff.give_back(chat.token)
    staff.asked(chat.token)
    look(chat)
    expect(chat.log.locator("li.note")).to_have_count(1)
    found += violations(chat)
    chat.dialog.get_by_role("button", name="Close").click()
    staff.say(chat.token, "Still there?")
    look(chat)
    expect(chat.launcher).to_contain_text("1 new")
    found += violations(chat)
    assert found == []
