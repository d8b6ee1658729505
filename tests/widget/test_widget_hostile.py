"""Replies and pages that mean harm, or only do it: nothing becomes HTML, and the page's rules do not reach in."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from widget_page import MESSAGE, Chat, HostPages, WidgetServer

ARTERIES = "By how much do small arteries widen?"
FIGURE = "approximately 15% - 20% larger"
HTML = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script><b>bold</b>'
CITED = {"text": HTML, "document": HTML, "section": HTML}
HOSTILE: dict[str, Any] = {
    "id": HTML,
    "kind": "mechanism",
    "verdict": "avoid",
    "lead": [HTML],
    "statements": [CITED, CITED],
    "further": [{"lead": [HTML], "statements": [CITED]}],
    "warnings": [CITED],
    "closing": [HTML],
    "sources": [{"title": HTML, "section": HTML, "url": "javascript:window.harmed=1"}],
    "related": [{"id": HTML, "title": HTML}],
    "contact": {"name": HTML, "whatsapp": '+1"><script>window.harmed</script>'},
}


def widget_line(server: WidgetServer, attributes: str = "async") -> str:
    """The one line that a supplier pastes."""
    return f'<script src="{server.address}/widget.js" {attributes}></script>'


@pytest.mark.parametrize("question", [False, True])
def test_no_part_of_a_reply_becomes_html(chat: Chat, question: bool) -> None:
    asked = {"question": {"text": HTML, "options": [{"id": HTML, "title": HTML}], "multiple": True}} if question else {}
    chat.replace_replies(**HOSTILE, **asked)
    reply = chat.ask(HTML)
    reply.locator("summary").click()
    expect(reply.locator("img, script, b")).to_have_count(0)
    expect(chat.customer.locator("img, script, b")).to_have_count(0)
    assert reply.inner_text().count(HTML) >= 8
    assert chat.page.evaluate("window.harmed") is None
    links = reply.get_by_role("link")
    assert [link.get_attribute("href") for link in links.all()] == ["https://wa.me/1"]


def test_what_an_error_says_does_not_become_html(chat: Chat) -> None:
    refused = {"error": {"code": HTML, "message": HTML}}
    chat.page.route(MESSAGE, lambda route: route.fulfill(status=400, json=refused))
    chat.send("hello")
    expect(chat.customer).to_contain_text(HTML)
    expect(chat.customer.locator("img, script, b")).to_have_count(0)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", HTML, 7, None, {"href": "x"}])
def test_the_person_is_linked_to_the_web_alone(visit: Callable[..., Chat], link: object) -> None:
    chat = visit()
    contact = {"name": HTML, "whatsapp": HTML, "link": link, "notice": HTML}
    chat.page.route("**/contact", lambda route: route.fulfill(json=contact))
    chat.open()
    with chat.page.expect_response("**/message"):
        chat.send("hello")
    expect(chat.dialog.locator("header").get_by_role("link")).to_have_count(0)


ODD: dict[str, Any] = {
    "null": None,
    "a text": "x",
    "a number": 7,
    "a list": [1, None, "x", [], {}],
    "an object": {"constructor": None, "__proto__": {"x": 1}, "text": 7},
    "a list of lists": [[["x"]]],
}
FIELDS = (
    "lead",
    "statements",
    "further",
    "warnings",
    "closing",
    "sources",
    "related",
    "question",
    "contact",
    "verdict",
)


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_a_payload_of_another_form_breaks_nothing(chat: Chat, odd: object) -> None:
    chat.replace_replies(**dict.fromkeys(FIELDS, odd))
    chat.ask(ARTERIES)
    chat.page.unroute(MESSAGE)
    expect(chat.ask(ARTERIES)).to_contain_text(FIGURE)


def test_a_reply_without_payload_is_shown_as_text(chat: Chat) -> None:
    reply = {"text": "one\n\ntwo <b>", "time": "2026-01-01T00:00:00Z"}
    chat.page.route(MESSAGE, lambda route: route.fulfill(json={"id": "x", "text": "hello", "reply": reply}))
    expect(chat.ask("hello")).to_have_text("Assistant: one\n\ntwo <b>")


def test_odd_things_in_the_browsers_store_break_nothing(chat: Chat) -> None:
    for key in ("outbox", "contact", "token", "changed"):
        for value in ("{", "[null, 7, {}]", '{"x": 1}'):
            chat.page.evaluate("([key, value]) => localStorage.setItem(`assistant-widget:${key}`, value)", [key, value])
            chat.page.reload()
            expect(chat.field).to_be_visible()
    chat.page.evaluate("localStorage.clear()")
    chat.page.reload()
    expect(chat.ask(ARTERIES)).to_contain_text(FIGURE)


STYLES = """<style>
  * { all: unset !important; color: red !important; font: 3px cursive !important; }
  html { font-size: 2px !important; }
  assistant-widget, body > * { display: none !important; opacity: 0 !important; transform: rotate(90deg) !important; }
  dialog, button, p, section { visibility: hidden !important; position: static !important; }
  :root { --accent: #fff; --ink: #fff; --paper: #fff; --line: #fff; }
</style>"""


def test_a_pages_style_does_not_reach_in(visit: Callable[..., Chat], host: HostPages, server: WidgetServer) -> None:
    plain = visit(host.add("/plain", widget_line(server)))
    styled = visit(host.add("/styled", STYLES + widget_line(server)))
    seen = []
    for chat in (plain, styled):
        box = chat.launcher.bounding_box()
        chat.open()
        chat.ask("Can I use the pad with a pacemaker?")
        look = "e => { const s = getComputedStyle(e); return [s.color, s.backgroundColor, s.fontSize, s.fontFamily] }"
        parts = (chat.last, chat.last.locator(".verdict"), chat.field, chat.dialog)
        seen.append((box, chat.dialog.bounding_box(), [part.evaluate(look) for part in parts]))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("attributes", ["async", 'type="module"'])
def test_a_strict_content_security_policy_is_enough(
    visit: Callable[..., Chat], host: HostPages, server: WidgetServer, attributes: str
) -> None:
    own = server.address
    policy = (
        f"default-src 'none'; script-src {own}; connect-src {own}; img-src data:; require-trusted-types-for 'script'"
    )
    page = host.add("/strict", widget_line(server, attributes), Content_Security_Policy=policy)
    chat = visit(page)
    chat.open()
    reply = chat.ask("Can I use the pad with a pacemaker?")
    expect(reply.locator(".verdict")).to_have_css("background-color", "rgb(122, 82, 0)")
    reply.get_by_role("button", name="Not helpful").click()
    with chat.page.expect_download():
        chat.menu("Download the conversation")
    # `visit` fails on anything in the console, and a violation is reported there.


def test_the_line_pasted_twice_gives_one_widget(
    visit: Callable[..., Chat], host: HostPages, server: WidgetServer
) -> None:
    chat = visit(host.add("/twice", widget_line(server) * 2 + widget_line(server, 'type="module"')))
    expect(chat.launcher).to_have_count(1)


def test_two_websites_share_nothing(visit: Callable[..., Chat], host: HostPages, server: WidgetServer) -> None:
    chat = visit()
    chat.open()
    chat.ask(ARTERIES)
    other = Chat(chat.page.context.new_page())
    other.visit(host.add("/other", widget_line(server)))
    other.open()
    expect(other.log).to_contain_text("have it erased")
    expect(other.replies).to_have_count(0)
