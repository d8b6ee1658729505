"""`bot whatsapp check` says what is missing or wrong, against the stand-in for Meta."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from graph_client import Bot
from processes import bot as command
from processes import free_port

from bot.channels.whatsapp import check
from bot.channels.whatsapp.check import NOTE, RIGHT, WRONG, Finding
from bot.simulator import Account, GraphServer

STAFF = {"BOT_HANDOVER_EMAIL": "staff@shop.example", "BOT_SMTP_URL": "smtp://user:secret@mail.example:587"}
CALLBACK = "https://shop.example/webhooks/whatsapp/webhook"


@pytest.fixture
def bot() -> Iterator[Bot]:
    bot = Bot()
    bot.verify_token = Account().verify_token
    yield bot
    bot.close()


@pytest.fixture
def meta() -> Iterator[GraphServer]:
    """An account in which all is right."""
    with GraphServer() as meta:
        meta.account.callback = CALLBACK
        yield meta


async def findings(meta: GraphServer, **changed: str) -> list[Finding]:
    """What is said of Meta's side."""
    number, _, found = check.settings_of(meta.environment | changed)
    assert number, found
    return [finding async for finding in check.of_meta(number)]


async def wrong(meta: GraphServer, level: str = WRONG, **changed: str) -> str:
    """The one finding that is not right."""
    found = [finding for finding in await findings(meta, **changed) if finding.level != RIGHT]
    assert [finding.level for finding in found] == [level], found
    return found[0].text


async def test_all_is_right(meta: GraphServer) -> None:
    found = await findings(meta, WHATSAPP_TEMPLATE="we_answered", WHATSAPP_TEMPLATE_LANGUAGE="en")
    assert {finding.level for finding in found} == {RIGHT}
    assert [finding.text for finding in found] == [
        "Meta accepts the token. The number is +1 555-078-3881, A supplier.",
        "The number is connected; its quality is GREEN.",
        "The app secret belongs to the token's app.",
        "The token has the permissions, and no end.",
        f"Meta sends messages to {CALLBACK}.",
        "The app gets the messages of the WhatsApp account.",
        "The template we_answered in en is approved.",
    ]


async def test_what_the_variables_may_have_wrong(meta: GraphServer) -> None:
    assert "Meta refuses the token" in await wrong(meta, WHATSAPP_ACCESS_TOKEN="other")
    assert "no number that the token may use" in await wrong(meta, WHATSAPP_PHONE_NUMBER_ID="491511234567")
    away = f"http://127.0.0.1:{free_port()}/v25.0"
    assert f"{away} cannot be reached" in await wrong(meta, WHATSAPP_API_URL=away)
    secret = await wrong(meta, WHATSAPP_APP_SECRET="of another app")
    assert "WHATSAPP_APP_SECRET is not the secret of the token's app" in secret
    language = await wrong(meta, WHATSAPP_TEMPLATE="we_answered", WHATSAPP_TEMPLATE_LANGUAGE="de")
    assert "no template we_answered in de; there is one in en" in language
    assert "no template other in en:" in await wrong(meta, WHATSAPP_TEMPLATE="other")


@pytest.mark.parametrize(
    ("change", "level", "text"),
    [
        ({"status": "PENDING"}, WRONG, "not connected (status PENDING"),
        ({"quality_rating": "RED"}, NOTE, "its quality is RED"),
        ({"scopes": ("whatsapp_business_messaging",)}, WRONG, "lacks whatsapp_business_management"),
        ({"expires_in": 3600}, WRONG, "The token ends on"),
        ({"expires_in": 60 * 86400}, NOTE, "The token ends on"),
        ({"callback": ""}, WRONG, "No webhook is set at Meta"),
        ({"callback": "https://shop.example/other"}, WRONG, "it must end in /webhooks/whatsapp/webhook"),
        ({"fields": ("account_update",)}, WRONG, "not subscribed to the field messages"),
        ({"subscribed": False}, WRONG, "does not get the messages of the WhatsApp account 102290129340398"),
        ({"blocked": "There is an error with the payment method."}, WRONG, "error with the payment method. Add one"),
    ],
)
async def test_what_may_be_wrong_at_meta(meta: GraphServer, change: dict[str, Any], level: str, text: str) -> None:
    if "expires_in" in change:  # from now on, and not from when the tests were collected
        change = {"expires": int(time.time()) + change["expires_in"]}
    for name, value in change.items():
        setattr(meta.account, name, value)
    assert text in await wrong(meta, level)


async def test_a_template_that_is_not_approved(meta: GraphServer) -> None:
    meta.account.template_status = "PENDING"
    assert "is PENDING: it must be approved first" in await wrong(meta, WHATSAPP_TEMPLATE="we_answered")


def test_all_variables_that_are_missing_are_named_at_once(meta: GraphServer) -> None:
    _, _, (nothing,) = check.settings_of({"WHATSAPP_ACCESS_TOKEN": " "})
    assert nothing.level == WRONG
    for name in ("PHONE_NUMBER_ID", "ACCESS_TOKEN", "APP_SECRET", "VERIFY_TOKEN"):
        assert f"WHATSAPP_{name}" in nothing.text
    number, _, (two,) = check.settings_of({"WHATSAPP_ACCESS_TOKEN": "x", "WHATSAPP_APP_SECRET": "y"})
    assert number is None
    assert two.text == "WhatsApp needs WHATSAPP_PHONE_NUMBER_ID and WHATSAPP_VERIFY_TOKEN as well."
    _, _, found = check.settings_of(meta.environment | {"WHATSAPP_PHONE_NUMBER_ID": "+49 151"})
    assert [finding.level for finding in found] == [WRONG]


def test_a_secret_that_does_not_look_like_one_is_noted(meta: GraphServer) -> None:
    number, _, found = check.settings_of(meta.environment | {"WHATSAPP_APP_SECRET": "abc"})
    assert number is not None
    assert [each.level for each in found if "WHATSAPP_APP_SECRET" in each.text] == [NOTE]
    _, _, found = check.settings_of(meta.environment)
    assert not any("WHATSAPP_APP_SECRET" in each.text for each in found)


@pytest.mark.parametrize(
    ("given", "level", "text"),
    [
        ({}, WRONG, "which WhatsApp demands"),
        ({"BOT_HANDOVER_HOURS": "Mon-Fri 9:00-17:00"}, NOTE, "staff have to look: bot handover list"),
        (STAFF, RIGHT, "staff are told by e-mail. They are always there."),
        (STAFF | {"BOT_HANDOVER_HOURS": "Mon-Fri 9:00-17:00"}, RIGHT, "They are there Mon-Fri 9:00-17:00."),
    ],
)
def test_how_a_customer_gets_to_a_person(given: dict[str, str], level: str, text: str) -> None:
    _, staff, _ = check.settings_of(given)
    assert staff
    finding = check.of_handover(staff)
    assert finding.level == level
    assert text in finding.text


async def test_the_webhook_has_to_verify_and_to_refuse_strangers(meta: GraphServer, bot: Bot) -> None:
    async def of(url: str, is_public: bool = True) -> list[Finding]:
        number, _, _ = check.settings_of(meta.environment)
        assert number
        return [finding async for finding in check.of_webhook(number, url, is_public)]

    assert [finding.level for finding in await of(bot.url)] == [RIGHT]
    bot.verify_token = "another"
    assert "(HTTP 403): the bot there has another WHATSAPP_VERIFY_TOKEN" in (await of(bot.url))[0].text
    bot.is_off = True
    assert "start the bot there with these same variables" in (await of(bot.url))[0].text
    bot.is_off = False
    bot.verify_token = None
    assert "believes whoever calls" in (await of(bot.url))[0].text
    nobody = f"http://127.0.0.1:{free_port()}/webhooks/whatsapp/webhook"
    assert [finding.level for finding in await of(nobody)] == [WRONG]
    assert [finding.level for finding in await of(nobody, is_public=False)] == [NOTE]
    (insecure,) = await of("http://shop.invalid/webhook")
    assert "does not begin with https://" in insecure.text


def test_the_command_says_it_line_by_line_and_shows_no_secret(meta: GraphServer, bot: Bot) -> None:
    def run(*arguments: str, **changed: str) -> tuple[int, str]:
        done = command("whatsapp", "check", *arguments, **(meta.environment | STAFF | changed))
        assert "Traceback" not in done.stderr
        assert "Warning" not in done.stderr
        output = done.stdout + done.stderr
        given = meta.environment | changed
        hidden = [given[name] for name in given if name.endswith(("_TOKEN", "_SECRET")) and given[name]]
        assert not any(value in output for value in hidden)
        assert "user:secret" not in output
        return done.returncode, output

    code, output = run("--webhook", bot.url)
    assert code == 0, output
    assert "   ok  The four variables are set." in output
    assert "   ok  Conversations are kept in SQLite, for 1 process." in output
    assert f"   ok  {bot.url} answers Meta's verification, and refuses strangers." in output
    assert "Everything that could be checked is right." in output
    code, output = run("--webhook", bot.url, WHATSAPP_ACCESS_TOKEN="wrongtoken123", SANIC_WORKERS="2")
    assert code == 1
    assert "wrong  Meta refuses the token (Meta's code 190)" in output
    assert "wrong  SANIC_WORKERS=2 cannot share SQLite" in output
    assert "2 to mend." in output
    code, output = run("--webhook", bot.url, BOT_SMTP_URL="")
    assert code == 1
    assert "1 to mend." in output
    code, output = run(**dict.fromkeys(meta.environment, ""), BOT_HANDOVER_EMAIL="", BOT_SMTP_URL="")
    assert code == 1
    assert "wrong  WhatsApp is off" in output
    assert "2 to mend." in output
