"""Reading variables of the environment; what cannot be read is collected, so that all of it is said at once."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.errors import BotError


class SettingsError(BotError):
    """Something is missing or cannot be read; a sentence for each says which variable it is."""


def filled(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that are set; one that is empty counts as not set."""
    return {name: value.strip() for name, value in environment.items() if value.strip()}


def listed(text: str) -> list[str]:
    """The parts between commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def number(name: str, text: str, most: float, unit: str, problems: list[str]) -> float:
    """A number above zero and at most `most`."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found <= most:
        problems.append(f"{name} is {text!r}: write a number of {unit}, at most {most:.0f}.")
    return found


def address(name: str, text: str, problems: list[str]) -> str:
    """An http(s) address without a slash at its end."""
    try:
        url = urlsplit(text)
        fits = url.scheme in ("http", "https") and url.hostname and (url.port or 1)
    except ValueError:
        fits = False
    if not fits:
        problems.append(f"{name} is {text!r}: write an address such as https://inbox.example.")
    return text.rstrip("/")


def together(names: tuple[str, ...], get: Mapping[str, str], what: str, problems: list[str]) -> bool:
    """Whether all of some variables are set that only make sense together; none of them is no mistake."""
    missing = [name for name in names if name not in get]
    if 0 < len(missing) < len(names):
        problems.append(f"{what} needs {' and '.join(missing)} as well.")
    return not missing
