"""What the environment may set for the handover, and how a mistake in it is told."""

from datetime import datetime

import pytest

from bot import settings
from bot.settings import SettingsError

SECRET = "whsec_" + "A" * 32
WEBHOOK = {"BOT_HANDOVER_WEBHOOK_URL": "https://shop.example/hook/", "BOT_HANDOVER_WEBHOOK_SECRET": SECRET}
EMAIL = {"BOT_HANDOVER_EMAIL": "staff@shop.example", "BOT_SMTP_URL": "smtp://me%40shop:p%3Ass-secret@mail.example"}
CHATWOOT = {
    "CHATWOOT_URL": "https://inbox.example",
    "CHATWOOT_ACCOUNT_ID": "7",
    "CHATWOOT_INBOX_IDENTIFIER": "identifier-secret",
    "CHATWOOT_ACCESS_TOKEN": "token-secret",
    "CHATWOOT_WEBHOOK_SECRET": "webhook-secret",
}
ALL = {**WEBHOOK, **EMAIL, **CHATWOOT}


def read(environment: dict[str, str]) -> settings.Handover:
    return settings.read(environment, 5005).handover


def test_nobody_takes_over_until_it_is_set_up() -> None:
    found = read({})
    assert not found.is_on
    assert found.minutes == 120


@pytest.mark.parametrize("given", [WEBHOOK, EMAIL, CHATWOOT, {"BOT_HANDOVER_HOURS": "Mon 9:00-17:00"}])
def test_each_way_alone_turns_it_on(given: dict[str, str]) -> None:
    assert read(given).is_on


def test_what_was_set_is_read() -> None:
    found = read({**ALL, "BOT_HANDOVER_MINUTES": "15", "BOT_EMAIL_FROM": "bot@shop.example"})
    assert found.webhook
    assert (found.webhook.url, found.webhook.secret) == ("https://shop.example/hook", SECRET)
    email = found.email
    assert email
    assert (email.to, email.sender, email.host) == ("staff@shop.example", "bot@shop.example", "mail.example")
    assert (email.port, email.tls, email.user, email.password) == (587, False, "me@shop", "p:ss-secret")
    chatwoot = found.chatwoot
    assert chatwoot
    assert (chatwoot.url, chatwoot.account, chatwoot.inbox) == ("https://inbox.example", "7", "identifier-secret")
    assert (chatwoot.token, chatwoot.secret) == ("token-secret", "webhook-secret")
    assert found.minutes == 15


def test_mail_goes_over_tls_where_it_is_asked_for() -> None:
    found = read({**EMAIL, "BOT_SMTP_URL": "smtps://mail.example"}).email
    assert found
    assert (found.tls, found.port, found.user, found.password) == (True, 465, None, None)


def test_no_secret_is_shown_with_the_settings() -> None:
    shown = repr(settings.read(ALL, 5005))
    assert "shop.example" in shown
    for secret in (SECRET, "p:ss-secret", "identifier-secret", "token-secret", "webhook-secret"):
        assert secret not in shown


@pytest.mark.parametrize("missing", ALL)
def test_half_of_a_way_names_what_is_missing(missing: str) -> None:
    with pytest.raises(SettingsError, match=f"{missing} as well"):
        read({name: value for name, value in ALL.items() if name != missing})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_HANDOVER_WEBHOOK_URL", "shop.example"),
        ("BOT_HANDOVER_WEBHOOK_URL", "ftp://shop.example"),
        ("BOT_HANDOVER_WEBHOOK_SECRET", "too-short-secret"),
        ("BOT_HANDOVER_WEBHOOK_SECRET", "whsec_short"),
        ("BOT_HANDOVER_WEBHOOK_SECRET", "whsec_" + "A" * 28),
        ("BOT_HANDOVER_WEBHOOK_SECRET", "whsec_" + "A" * 88),
        ("BOT_HANDOVER_WEBHOOK_SECRET", "A" * 32),
        ("BOT_HANDOVER_EMAIL", "staff"),
        ("BOT_HANDOVER_EMAIL", "one@shop.example, two@shop.example"),
        ("BOT_HANDOVER_EMAIL", "a@b.example\r\nBcc: c@d.example"),
        ("BOT_HANDOVER_EMAIL", "Staff <staff@shop.example>"),
        ("BOT_EMAIL_FROM", "bot"),
        ("BOT_SMTP_URL", "mail.example"),
        ("BOT_SMTP_URL", "smtp://mail.example:port"),
        ("BOT_SMTP_URL", "smtp://user@mail.example"),
        ("BOT_SMTP_URL", "smtp://:secret@mail.example"),
        ("CHATWOOT_URL", "inbox"),
        ("CHATWOOT_ACCOUNT_ID", "seven"),
        ("CHATWOOT_ACCOUNT_ID", "²"),
        ("CHATWOOT_INBOX_IDENTIFIER", "a secret/.."),
        ("CHATWOOT_ACCESS_TOKEN", "a secret"),
        ("BOT_HANDOVER_HOURS", "always"),
        ("BOT_HANDOVER_HOURS", "Mon-Fri 9-17"),
        ("BOT_HANDOVER_HOURS", "Mon-Fri 17:00-9:00"),
        ("BOT_HANDOVER_HOURS", "Mon-Fri 9:00-25:00"),
        ("BOT_HANDOVER_HOURS", "Mon-Fri 9:00-17:00,"),
        ("BOT_HANDOVER_HOURS", "Moo 9:00-17:00"),
        ("BOT_HANDOVER_TIMEZONE", "Berlin"),
        ("BOT_HANDOVER_TIMEZONE", "../../etc/passwd"),
        ("BOT_HANDOVER_MINUTES", "0"),
        ("BOT_HANDOVER_MINUTES", "nan"),
        ("BOT_HANDOVER_MINUTES", "10081"),
    ],
)
def test_what_cannot_be_read_is_named_and_no_secret_repeated(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{name} .*\.$") as refused:
        read({**ALL, "BOT_EMAIL_FROM": "bot@shop.example", name: value})
    assert "secret" not in str(refused.value)


def test_who_takes_over_is_said_in_a_line() -> None:
    hours = {"BOT_HANDOVER_HOURS": "Mon-Fri 9:00-17:00", "BOT_HANDOVER_TIMEZONE": "Europe/Berlin"}
    assert read({**ALL, **hours}).text == "webhook, e-mail, Chatwoot; hours Mon-Fri 9:00-17:00 (Europe/Berlin)"
    assert read(hours).text.startswith("nobody is told; look at: bot handover list; hours Mon-Fri")


def test_hours_over_midnight_are_written_as_two() -> None:
    with pytest.raises(SettingsError, match=r"a span may not pass midnight; write two, such as (.*)\.$") as refused:
        read({"BOT_HANDOVER_HOURS": "Mon-Fri 17:00-9:00"})
    two = str(refused.value).partition("such as ")[2].rstrip(".")
    assert two == "Mon-Fri 17:00-24:00, Tue-Sat 0:00-9:00"
    hours = read({"BOT_HANDOVER_HOURS": two}).hours
    assert hours
    assert len(hours.spans) == 10


@pytest.mark.parametrize(
    ("hours", "zone", "time", "there"),
    [
        ("Mon-Fri 9:00-17:00", "UTC", "2026-11-23T09:00", True),  # a Monday
        ("Mon-Fri 9:00-17:00", "UTC", "2026-11-23T08:59", False),
        ("Mon-Fri 9:00-17:00", "UTC", "2026-11-27T16:59", True),
        ("Mon-Fri 9:00-17:00", "UTC", "2026-11-27T17:00", False),
        ("Mon-Fri 9:00-17:00", "UTC", "2026-11-28T12:00", False),
        ("mon-fri 09:00-17:00, SAT 10:00-12:00", "UTC", "2026-11-28T11:00", True),
        ("Sat-Mon 9:00-17:00", "UTC", "2026-11-29T12:00", True),
        ("Sat-Mon 9:00-17:00", "UTC", "2026-11-24T12:00", False),
        ("Mon-Fri 9:00-12:00, Mon-Fri 13:00-17:00", "UTC", "2026-11-23T12:30", False),
        ("Mon-Sun 0:00-24:00", "UTC", "2026-11-29T23:59", True),
        ("Mon-Fri 9:00-17:00", "Europe/Berlin", "2026-11-23T08:30", True),
        ("Mon-Fri 9:00-17:00", "Europe/Berlin", "2026-07-20T07:30", True),  # in summer an hour earlier
        ("Mon-Fri 9:00-17:00", "Europe/Berlin", "2026-07-20T15:30", False),
        ("Mon-Fri 9:00-17:00", "Asia/Tokyo", "2026-11-23T00:30", True),
        ("Mon-Fri 9:00-17:00", "Asia/Tokyo", "2026-11-22T23:30", False),  # there it is Monday, before nine
    ],
)
def test_when_somebody_is_there(hours: str, zone: str, time: str, there: bool) -> None:
    found = read({"BOT_HANDOVER_HOURS": hours, "BOT_HANDOVER_TIMEZONE": zone}).hours
    assert found
    assert found.at(datetime.fromisoformat(time + "+00:00")) is there
