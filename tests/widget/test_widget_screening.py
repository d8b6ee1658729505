"""Screening: several conditions chosen at once."""

import pytest
from playwright.sync_api import expect
from widget_page import Chat, WidgetServer

SAFE = "Is it safe for me?"


@pytest.fixture
def screening(chat: Chat) -> Chat:
    chat.ask(SAFE)
    expect(chat.last.get_by_role("group", name="Does any of these apply")).to_be_visible()
    return chat


def test_several_are_chosen_and_each_is_warned_of(screening: Chat, server: WidgetServer) -> None:
    for title in ("Pregnancy", "Tumor"):
        screening.last.get_by_label(title).check()
    screening.last.get_by_role("button", name="Send").click()
    reply = screening.reply_after(1)
    expect(reply.locator(".verdict")).to_have_text("Please avoid")
    expect(reply).to_contain_text("Pregnant women")
    expect(reply).to_contain_text("tumor")
    assert server.asked(screening.token) == [SAFE, "Pregnancy, Tumor"]


def test_none_of_these_excludes_the_others(screening: Chat, server: WidgetServer) -> None:
    tumor, none = screening.last.get_by_label("Tumor"), screening.last.get_by_label("None of these")
    tumor.check()
    none.check()
    expect(tumor).not_to_be_checked()
    tumor.check()
    expect(none).not_to_be_checked()
    none.check()
    screening.last.get_by_role("button", name="Send").click()
    screening.reply_after(1)
    assert server.asked(screening.token)[-1] == "None of these"


def test_nothing_chosen_is_asked_for(screening: Chat) -> None:
    screening.last.get_by_role("button", name="Send").click()
    expect(screening.last.get_by_role("alert")).to_have_text("Please choose at least one, or type your answer.")
    expect(screening.customer).to_have_count(1)


def test_it_can_be_answered_in_words(screening: Chat) -> None:
    expect(screening.ask("I am pregnant").locator(".verdict")).to_have_text("Please avoid")
    expect(screening.replies.first.get_by_role("checkbox")).to_have_count(0)


def test_it_is_still_open_after_a_reload(screening: Chat) -> None:
    screening.page.reload()
    screening.last.get_by_label("Open wound").check()
    screening.last.get_by_role("button", name="Send").click()
    expect(screening.reply_after(1).locator(".verdict")).to_have_text("Please avoid")


def test_a_choice_made_when_the_server_knows_it_no_more_is_sent_in_words(screening: Chat) -> None:
    screening.last.get_by_label("Tumor").check()
    screening.page.evaluate("localStorage.setItem('assistant-widget:token', 'no token')")
    screening.last.get_by_role("button", name="Send").click()
    expect(screening.hint).to_contain_text("no longer kept")
    expect(screening.last.locator(".verdict")).to_have_text("See a doctor first")
