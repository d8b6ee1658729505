"""For everybody: by keyboard, with a screen reader, on a phone, zoomed, from right to left, in the dark."""

from collections.abc import Callable

import pytest
from bundle import MODULES
from playwright.sync_api import expect
from test_widget_hostile import widget_line
from widget_page import MESSAGE, Chat, HostPages, WidgetServer

ARTERIES = "By how much do small arteries widen?"
PACEMAKER = "Can I use the pad with a pacemaker?"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def violations(chat: Chat) -> list[str]:
    """What axe finds on the whole page, best practices included."""
    chat.page.evaluate((MODULES / "axe-core" / "axe.min.js").read_text())
    found = chat.page.evaluate("axe.run()")["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


def states(chat: Chat) -> dict[str, list[str]]:
    """The violations of each state that the widget can be in."""
    found = {"closed": violations(chat)}
    chat.open()
    found["empty"] = violations(chat)
    chat.ask(PACEMAKER)
    chat.last.locator("summary").first.click()
    chat.last.get_by_role("button", name="Not helpful").click()
    found["verdict, source and rating open"] = violations(chat)
    for verdict in ("supported", "limited", "not_supported", "avoid", "see_doctor_first", "unknown"):
        chat.replace_replies(verdict=verdict)
        chat.ask("Does the pad cure diabetes?")
        found[verdict] = violations(chat)
        chat.page.unroute(MESSAGE)
    chat.page.get_by_role("button", name="More").click()
    found["menu"] = violations(chat)
    chat.page.get_by_role("button", name="Forget me").click()
    found["to confirm"] = violations(chat)
    chat.page.get_by_role("button", name="Yes, forget everything").click()
    expect(chat.replies).to_have_count(0)
    chat.ask("Is it safe for me?")
    chat.last.get_by_role("button", name="Send").click()
    found["screening"] = violations(chat)
    chat.page.route(MESSAGE, lambda route: route.fulfill(status=400, json={"error": {"message": "No."}}), times=1)
    chat.send("hello")
    expect(chat.customer.last).to_contain_text("Not sent")
    chat.page.route(MESSAGE, lambda route: route.abort())
    chat.send("hello")
    expect(chat.page.get_by_role("button", name="Try now")).to_be_visible()
    found["refused and without network"] = violations(chat)
    chat.page.unroute(MESSAGE)
    return found


@pytest.mark.parametrize("context", [{}, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(visit: Callable[..., Chat], scheme: str, context: dict[str, object]) -> None:
    found = states(visit(color_scheme=scheme, **context))
    assert {state: faults for state, faults in found.items() if faults} == {}
    assert len(found) == 13


def test_the_dark_is_dark_and_can_be_set_by_the_page(
    visit: Callable[..., Chat], host: HostPages, server: WidgetServer
) -> None:
    def background(chat: Chat) -> str:
        chat.open()
        return str(chat.dialog.evaluate("dialog => getComputedStyle(dialog).backgroundColor"))

    light, dark = background(visit()), background(visit(color_scheme="dark"))
    assert light != dark
    page = host.add("/dark", widget_line(server, "async data-theme=dark"))
    assert background(visit(page)) == dark
    page = host.add("/light", widget_line(server, "async data-theme=light"))
    assert background(visit(page, color_scheme="dark")) == light


def test_all_of_it_goes_by_keyboard(visit: Callable[..., Chat], server: WidgetServer) -> None:
    chat = visit()
    keyboard = chat.page.keyboard

    def tab_to(name: str) -> None:
        for _ in range(60):
            keyboard.press("Tab")
            if chat.focused.evaluate("e => e.ariaLabel || e.textContent || e.labels?.[0]?.textContent") == name:
                return
        pytest.fail(f"Tab does not reach {name!r}.")

    tab_to("Ask us")
    keyboard.press("Enter")
    expect(chat.field).to_be_focused()
    keyboard.type("Is it safe for me?")
    keyboard.press("Enter")
    chat.reply_after(0)
    expect(chat.field).to_be_focused()

    for _ in range(40):
        keyboard.press("Shift+Tab")
        if chat.focused.evaluate("e => e.value") == "electronic_device":
            break
    keyboard.press("Space")
    tab_to("Send")
    keyboard.press("Enter")
    expect(chat.reply_after(1).locator(".verdict")).to_have_text("Confirm first")
    expect(chat.customer.last).to_be_focused()

    for _ in range(20):
        keyboard.press("Tab")
        if chat.focused.evaluate("e => e.tagName") == "SUMMARY" and "Who should" in chat.focused.inner_text():
            break
    keyboard.press("Enter")
    expect(chat.last.locator("blockquote")).to_be_visible()
    tab_to("Not helpful")
    keyboard.press("Space")
    keyboard.press("Tab")
    keyboard.type("why")
    keyboard.press("Enter")
    expect(chat.last).to_contain_text("Thank you")
    assert server.history(chat.token)[-1]["rating"] == "down"

    for _ in range(60):
        keyboard.press("Shift+Tab")
        if chat.focused.get_attribute("aria-label") == "More":
            break
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.press("Escape")
    expect(chat.page.get_by_role("button", name="More")).to_be_focused()
    expect(chat.dialog).to_be_visible()
    keyboard.press("Escape")
    expect(chat.dialog).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_escape_uncovers_what_has_the_focus_on_the_page(
    visit: Callable[..., Chat], host: HostPages, server: WidgetServer
) -> None:
    chat = visit(host.add("/link", '<a href="#there">Link</a>' + widget_line(server)))
    chat.open()
    link = chat.page.get_by_role("link", name="Link")
    link.focus()
    chat.page.keyboard.press("Escape")
    expect(chat.dialog).to_be_hidden()
    expect(link).to_be_focused()


def test_what_has_the_focus_shows_it(chat: Chat) -> None:
    chat.ask(ARTERIES)
    for _ in range(8):
        chat.page.keyboard.press("Shift+Tab")
        outline = chat.focused.evaluate("e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).outlineWidth]")
        assert outline == ["solid", "3px"]


def test_a_new_reply_is_announced_apart_from_the_history(chat: Chat) -> None:
    assert chat.live.evaluate("e => e.closest('.log')") is None
    expect(chat.log).not_to_have_attribute("aria-live", "polite")
    chat.ask(PACEMAKER)
    expect(chat.live).to_contain_text("Assistant: Confirm first. Please do not start")
    assert chat.live.get_attribute("role") == "status"  # polite by itself
    chat.ask("Does the pad cure diabetes?")
    expect(chat.live).to_contain_text("Warning: ")


def test_the_same_reply_twice_is_announced_twice(chat: Chat) -> None:
    chat.page.evaluate("""() => {
        window.heard = [];
        const live = document.querySelector("assistant-widget").shadowRoot.querySelector("dialog > [role=status]");
        new MutationObserver(() => heard.push(live.textContent)).observe(live, { childList: true });
    }""")
    for _ in range(2):
        chat.ask("hello")
    heard = chat.page.evaluate("heard.filter((text) => text.startsWith('Assistant'))")
    assert len(heard) == 2


def test_a_loaded_page_keeps_its_focus(chat: Chat) -> None:
    chat.ask(ARTERIES)
    chat.page.reload()
    expect(chat.replies).to_have_count(1)
    assert chat.page.evaluate("document.activeElement === document.body")


def test_on_a_phone_it_fills_the_screen_and_the_page_behind_is_out_of_reach(visit: Callable[..., Chat]) -> None:
    chat = visit(**PHONE)
    chat.launcher.tap()
    expect(chat.dialog).to_be_visible()
    assert chat.dialog.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert chat.dialog.evaluate("dialog => dialog.matches(':modal')")
    expect(chat.field).not_to_be_focused()  # the keyboard would cover the screen
    chat.ask("Is it safe for me?")
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert chat.log.evaluate("log => log.scrollWidth <= log.clientWidth")
    for part in (chat.field, chat.dialog.get_by_role("link", name="Ask a person"), chat.last.locator(".warning")):
        expect(part).to_be_in_viewport(ratio=1)


def test_targets_are_large_enough(visit: Callable[..., Chat]) -> None:
    chat = visit(**PHONE)
    chat.open()
    chat.ask("Is it safe for me?")
    expect(chat.person).to_be_visible()
    chat.page.get_by_role("button", name="More").click()
    targets = chat.page.locator("assistant-widget").locator("button, .boxes label, summary, header a, textarea")
    sizes = [target.bounding_box() for target in targets.all() if target.is_visible()]
    assert len(sizes) > 20
    assert [size for size in sizes if not size or min(size["width"], size["height"]) < 24] == []


@pytest.mark.parametrize("size", [(640, 450), (320, 256)], ids=["200 %", "400 %"])
def test_a_zoomed_page_can_be_used(visit: Callable[..., Chat], size: tuple[int, int]) -> None:
    width, height = size
    chat = visit(viewport={"width": width, "height": height}, device_scale_factor=1280 // width)
    chat.open()
    reply = chat.ask(PACEMAKER)
    assert chat.log.evaluate("log => log.scrollWidth <= log.clientWidth")
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= width
    for part in (
        chat.field,
        chat.dialog.get_by_role("button", name="Close"),
        chat.dialog.get_by_role("button", name="Send"),
    ):
        expect(part).to_be_in_viewport(ratio=1)
    thumb = reply.get_by_role("button", name="Not helpful")
    thumb.scroll_into_view_if_needed()
    expect(thumb).to_be_in_viewport(ratio=0.95)


def test_larger_text_of_the_browser_is_respected(
    visit: Callable[..., Chat], host: HostPages, server: WidgetServer
) -> None:
    # The page's own root size is another thing, and must not count: see the tests of hostile pages.
    chat = visit(host.add("/small", "<style>html { font-size: 62.5% }</style>" + widget_line(server)))
    chat.open()
    expect(chat.field).to_have_css("font-size", "16px")


def test_a_page_from_right_to_left_has_the_widget_so(
    visit: Callable[..., Chat], host: HostPages, server: WidgetServer
) -> None:
    turn = "<script>document.documentElement.dir = 'rtl'</script>"
    chat = visit(host.add("/rtl", turn + widget_line(server)))
    assert (chat.launcher.bounding_box() or {})["x"] < 100
    chat.open()
    assert (chat.dialog.bounding_box() or {})["x"] < 100
    reply = chat.ask("Is it safe for me?")
    expect(reply).to_have_css("direction", "rtl")
    quoted = reply.locator("p", has_text="have three uses").first
    assert quoted.evaluate("p => p.matches(':dir(ltr)')")  # English stays readable
    close, title = chat.dialog.get_by_role("button", name="Close"), chat.dialog.get_by_role("heading", name="Ask the")
    assert (close.bounding_box() or {})["x"] < (title.bounding_box() or {})["x"]
    customer, log = chat.customer.bounding_box() or {}, chat.log.bounding_box() or {}
    assert customer["x"] - log["x"] < 40
    assert violations(chat) == []


def test_nothing_moves_for_who_wants_no_motion(visit: Callable[..., Chat]) -> None:
    for motion, name in (("no-preference", "wait"), ("reduce", "none")):
        chat = visit(reduced_motion=motion)
        chat.open()
        chat.page.route(MESSAGE, lambda route: None)
        chat.send(ARTERIES)
        expect(chat.page.locator(".dots i").first).to_have_css("animation-name", name)


def test_the_words_can_be_translated(visit: Callable[..., Chat], host: HostPages, server: WidgetServer) -> None:
    german = {"lang": "de", "launch": "Fragen Sie", "field": "Ihre Frage", "verdicts": {"confirm_first": "Erst klären"}}
    page = host.add("/de", widget_line(server, 'async data-texts="/de.json"'))
    chat = Chat(visit().page.context.new_page())
    chat.page.route("**/de.json", lambda route: route.fulfill(json=german))
    chat.visit(page)
    chat.page.get_by_role("button", name="Fragen Sie").click()
    chat.page.get_by_label("Ihre Frage").fill(PACEMAKER)
    chat.page.keyboard.press("Enter")
    expect(chat.last.locator(".verdict")).to_have_text("Erst klären")
    expect(chat.last).to_have_attribute("lang", "en")
    assert chat.page.locator("assistant-widget").get_attribute("lang") == "de"
    expect(chat.page.get_by_role("button", name="Send")).to_be_visible()  # what is not translated is English
