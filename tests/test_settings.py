"""What the environment may set for the channels, and how a mistake in it is told."""

import pytest
from processes import bot

from bot import settings
from bot.settings import SettingsError

KEY = "k" * 32
PUBLIC = {"BOT_SECRET_KEY": KEY, "BOT_ALLOWED_ORIGINS": "https://shop.example"}


def test_nothing_need_be_set_in_local_mode() -> None:
    first, second = settings.read({}, 5005), settings.read({"BOT_SECRET_KEY": " "}, 5005)
    assert first.key_is_random
    assert first.secret_key != second.secret_key
    assert first.origins == {"http://127.0.0.1:5005", "http://localhost:5005"}
    assert first.proxies == ()


def test_a_public_server_has_no_origin_of_its_own() -> None:
    found = settings.read(PUBLIC, 5005, public=True)
    assert found.origins == {"https://shop.example"}
    assert (found.secret_key, found.key_is_random) == (KEY, False)


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://Shop.Example/", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_an_origin_is_as_browsers_write_it(given: str, origin: str) -> None:
    found = settings.read({"BOT_ALLOWED_ORIGINS": f"https://other.example, {given}"}, 5005)
    assert {origin, "https://other.example"} < found.origins


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_SECRET_KEY", "too short"),
        ("BOT_ALLOWED_ORIGINS", "*"),
        ("BOT_ALLOWED_ORIGINS", "shop.example"),
        ("BOT_ALLOWED_ORIGINS", "https://shop.example/page"),
        ("BOT_ALLOWED_ORIGINS", "https://shop.example:port"),
        ("BOT_ALLOWED_ORIGINS", "file:///home"),
        ("BOT_ALLOWED_ORIGINS", "https://me@shop.example"),
        ("BOT_ALLOWED_ORIGINS", "https://["),
        ("BOT_TRUSTED_PROXIES", "nginx"),
        ("BOT_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("BOT_SESSION_LIMIT", "many"),
        ("BOT_ADDRESS_LIMIT", "30"),
        ("BOT_REPLY_SECONDS", "0"),
        ("BOT_REPLY_SECONDS", "nan"),
        ("BOT_REPLY_SECONDS", "soon"),
    ],
)
def test_what_cannot_be_read_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} .*\\.$") as refused:
        settings.read({name: value}, 5005)
    assert name != "BOT_SECRET_KEY" or value not in str(refused.value)


def test_a_public_server_does_not_start_without_its_keys() -> None:
    done = bot("run", "--public", BOT_TRUSTED_PROXIES="nginx")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert [line.split()[0] for line in lines] == ["BOT_SECRET_KEY", "BOT_ALLOWED_ORIGINS", "BOT_TRUSTED_PROXIES"]
    assert "is missing" in lines[0]
    assert "is missing" in lines[1]
    assert done.stdout == ""
