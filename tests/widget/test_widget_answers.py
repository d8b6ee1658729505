"""What a customer reads and can do: answers, warnings, sources, the person, thumbs, the end of a conversation."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from widget_page import Chat, WidgetServer, status_of

ARTERIES = "By how much do small arteries widen?"
FIGURE = "approximately 15% - 20% larger"
PERSON = "https://wa.me/8615547888169"


def test_a_question_is_answered_with_the_words_of_the_documents(chat: Chat) -> None:
    reply = chat.ask(ARTERIES)
    expect(reply).to_contain_text(FIGURE)
    expect(chat.customer).to_have_text(f"You: {ARTERIES}")
    expect(chat.field).to_have_value("")


def test_a_source_opens_to_the_quoted_passage(chat: Chat) -> None:
    source = chat.ask(ARTERIES).locator("details.source")
    quoted = source.locator("blockquote")
    expect(quoted).to_be_hidden()
    source.get_by_text("Source: How red light therapy relieves pain, Wider blood vessels").click()
    expect(quoted).to_be_visible()
    expect(quoted).to_contain_text(FIGURE)


def test_each_source_has_its_own_passages(chat: Chat) -> None:
    sources = chat.ask("Does it help with knee arthritis, and does it cure diabetes?").locator("details.source")
    chronic = sources.filter(has_text="other chronic disease")
    chronic.locator("summary").click()
    expect(chronic.locator("blockquote")).to_contain_text("do not cure a chronic disease")
    expect(chronic.locator("blockquote")).not_to_contain_text("arthritis")


def test_a_source_on_the_web_is_opened_at_the_passage(chat: Chat) -> None:
    page = "https://shop.example/pads"
    chat.replace_replies(sources=[{"title": "Pads", "section": "Wider blood vessels", "url": page}])
    source = chat.ask(ARTERIES).locator("details.source")
    source.locator("summary").click()
    link = source.get_by_role("link", name="Read it on the page")
    passage = "Local%20blood%20vessels%20can%20widen%20(vasodilation)"
    assert str(link.get_attribute("href")).startswith(f"{page}#:~:text={passage}")
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_what_to_read_next_is_one_tap(chat: Chat) -> None:
    chat.ask(ARTERIES)
    chat.last.get_by_role("group", name="Read next").get_by_role("button").first.click()
    reply = chat.reply_after(1)
    expect(chat.customer.last).to_contain_text("What the evidence is")
    expect(reply).to_contain_text("basic research")
    expect(chat.replies.first.get_by_role("group", name="Read next")).to_have_count(0)


VERDICTS = {
    "Can I use the pad with a pacemaker?": ("confirm_first", "Confirm first"),
    "Can I use the pad while pregnant?": ("avoid", "Please avoid"),
    "I have a tumor, can I use the pad?": ("see_doctor_first", "See a doctor first"),
    "Does it help against sore muscles?": ("supported", "Supported"),
}


def test_a_verdict_has_a_colour_an_icon_and_a_word(chat: Chat, visit: Callable[..., Chat]) -> None:
    colours, icons = set(), set()
    for question, (verdict, word) in VERDICTS.items():
        chat = visit()
        chat.open()
        badge = chat.ask(question).locator(f".verdict.{verdict}")
        expect(badge).to_have_text(word)
        expect(badge.locator("svg")).to_be_visible()
        colours.add(badge.evaluate("badge => getComputedStyle(badge).backgroundColor"))
        icons.add(badge.locator("path").get_attribute("d"))
    assert len(colours) == len(icons) == len(VERDICTS)


def test_a_warning_is_apart_and_seen_first(chat: Chat) -> None:
    warning = chat.ask("Does the pad cure diabetes?").locator(".warning")
    expect(warning).to_contain_text("Warning")
    expect(warning).to_contain_text("cannot replace medication")
    expect(warning).to_be_in_viewport(ratio=1)
    after = warning.evaluate("box => box.nextElementSibling.textContent")
    assert "Warning" not in after
    assert warning.evaluate("box => getComputedStyle(box).backgroundColor") != chat.last.evaluate(
        "reply => getComputedStyle(reply).backgroundColor"
    )


def test_two_questions_at_once_are_answered_one_after_the_other_and_once(chat: Chat) -> None:
    text = chat.ask("Does it help with knee arthritis, and does it cure diabetes?").inner_text()
    assert text.index("first question") < text.index("second question")
    assert text.count("The pads do not cure a chronic disease.") == 1


def test_an_emergency_stands_out(chat: Chat) -> None:
    badge = chat.ask("I can't breathe and have chest pain").locator(".verdict")
    expect(badge).to_have_text("Emergency")


def test_a_person_is_one_tap_away_all_the_time(chat: Chat) -> None:
    person = chat.dialog.get_by_role("link", name="Ask a person")
    for _ in range(3):
        expect(person).to_be_in_viewport(ratio=1)
        expect(person).to_have_attribute("href", PERSON)
        chat.ask(ARTERIES)
    assert "+8615547888169" in str(person.get_attribute("aria-label"))


def test_the_person_is_there_when_the_server_is_not(chat: Chat) -> None:
    expect(chat.dialog.get_by_role("link", name="Ask a person")).to_be_visible()
    chat.page.route("**/webhooks/**", lambda route: route.abort())
    chat.page.reload()
    expect(chat.dialog.get_by_role("link", name="Ask a person")).to_have_attribute("href", PERSON)


def test_what_is_kept_is_said_before_anything_is_written(chat: Chat) -> None:
    expect(chat.log).to_contain_text("have it erased at any time")
    chat.page.get_by_role("button", name="More").click()
    chat.page.get_by_text("What is kept").click()
    expect(chat.page.locator("#menu p")).to_contain_text("What you write is kept")


def test_thumbs_and_a_word_of_why_reach_the_server(chat: Chat, server: WidgetServer) -> None:
    reply = chat.ask(ARTERIES)
    down, up = reply.get_by_role("button", name="Not helpful"), reply.get_by_role("button", name="Helpful", exact=True)
    down.click()
    reply.get_by_label("In a word, why?").fill("too long")
    with chat.page.expect_response("**/rating"):
        reply.get_by_role("button", name="Send").click()
    expect(reply).to_contain_text("Thank you")
    expect(down).to_be_focused()
    assert server.history(chat.token)[-1]["rating"] == "down"
    chat.page.reload()
    expect(down).to_have_attribute("aria-pressed", "true")
    with chat.page.expect_response("**/rating"):
        up.click()
    expect(down).to_have_attribute("aria-pressed", "false")
    with chat.page.expect_response("**/rating"):
        up.click()
    assert "rating" not in server.history(chat.token)[-1]


def test_a_rating_that_does_not_arrive_is_taken_back_and_says_so(chat: Chat) -> None:
    reply = chat.ask(ARTERIES)
    chat.page.route("**/rating", lambda route: route.abort())
    reply.get_by_role("button", name="Not helpful").click()
    expect(reply).to_contain_text("That did not work")
    expect(reply.get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "false")


def test_the_conversation_can_be_downloaded(chat: Chat, tmp_path: Path) -> None:
    chat.ask(ARTERIES)
    with chat.page.expect_download() as download:
        chat.menu("Download the conversation")
    download.value.save_as(tmp_path / "saved.json")
    said = json.loads((tmp_path / "saved.json").read_text())["conversation"]
    assert said[0]["text"] == ARTERIES
    assert FIGURE in said[1]["text"]


def test_starting_over_is_said_to_the_assistant(chat: Chat, server: WidgetServer) -> None:
    chat.ask(ARTERIES)
    chat.menu("Start over")
    expect(chat.reply_after(1)).to_contain_text("from the beginning")
    assert server.asked(chat.token) == [ARTERIES, "start over"]


def test_forgetting_is_confirmed_and_then_complete(chat: Chat, server: WidgetServer) -> None:
    chat.ask("I have a pacemaker")
    token = chat.token
    chat.menu("Forget me")
    expect(chat.page.get_by_role("button", name="Cancel")).to_be_focused()
    chat.page.get_by_role("button", name="Cancel").click()
    expect(chat.page.get_by_role("button", name="More")).to_be_focused()
    expect(chat.replies).to_have_count(1)

    chat.menu("Forget me")
    chat.page.get_by_role("button", name="Yes, forget everything").click()
    expect(chat.hint).to_contain_text("Forgotten")
    expect(chat.replies).to_have_count(0)
    assert status_of(f"{server.address}/webhooks/web/history", token) == 401
    stored = chat.page.evaluate("JSON.stringify(localStorage)")
    assert token not in stored
    assert "pacemaker" not in stored
    expect(chat.ask("Does it help against sore muscles?").locator(".verdict")).to_have_text("Supported")


def test_forgetting_without_a_server_says_that_it_did_not_happen(chat: Chat) -> None:
    chat.ask(ARTERIES)
    chat.page.route("**/forget", lambda route: route.abort())
    chat.menu("Forget me")
    chat.page.get_by_role("button", name="Yes, forget everything").click()
    expect(chat.page.get_by_role("alert").filter(has_text="did not work")).to_be_visible()
    expect(chat.replies).to_have_count(1)


def test_nothing_is_kept_on_the_server_before_the_first_message(chat: Chat) -> None:
    assert chat.page.evaluate("localStorage.getItem('assistant-widget:token')") is None
    for item in ("Start over", "Download the conversation", "Forget me"):
        chat.page.get_by_role("button", name="More").click()
        expect(chat.page.get_by_role("button", name=item)).to_be_disabled()
        chat.page.keyboard.press("Escape")


@pytest.mark.parametrize("key", ["Enter", "click"])
def test_an_empty_message_is_not_sent(chat: Chat, key: str) -> None:
    chat.field.fill("  ")
    if key == "Enter":
        chat.field.press("Enter")
    else:
        chat.dialog.get_by_role("button", name="Send").click()
    expect(chat.customer).to_have_count(0)


def test_a_message_that_is_too_long_stays_in_the_field(chat: Chat) -> None:
    chat.send("x" * 4100)
    expect(chat.dialog.get_by_role("alert").filter(has_text="too long by 4 characters")).to_be_visible()
    expect(chat.field).to_have_value("x" * 4100)
    expect(chat.customer).to_have_count(0)


def test_lines_of_a_message_are_kept(chat: Chat) -> None:
    chat.field.fill("hello")
    chat.field.press("Shift+Enter")
    chat.field.type("there")
    chat.field.press("Enter")
    chat.reply_after(0)
    assert chat.customer.locator("p").inner_text() == "hello\nthere"
