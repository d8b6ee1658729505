"""Customers' numbers, as people write them and as Meta does."""

import re
import unicodedata

from bot.errors import BotError

USER_ID = re.compile(r"[A-Z]{2}\.\S+")  # how Meta's own ids of users begin
_SHORTEST, _LONGEST = 7, 15  # digits, with the country's
_BESIDE_DIGITS = "+.()/"
# The same telephone has two numbers in these countries, and Meta tells either of them.
_TWO_FORMS = (
    (r"^52(?=\d{10}$)", "521"),  # Mexico
    (r"^521(?=\d{10}$)", "52"),
    (r"^54(?=\d{10}$)", "549"),  # Argentina
    (r"^549(?=\d{10}$)", "54"),
    (r"^55(\d\d)(?=[6-9]\d{7}$)", r"55\g<1>9"),  # Brazil
    (r"^55(\d\d)9(?=[6-9]\d{7}$)", r"55\1"),
)


class NumberError(BotError):
    """This is no number with its country's code."""


def names_of(written: str) -> tuple[str, ...]:
    """The names under which a customer may be kept, by a number as a person writes it, or by Meta's id of a user.

    Raises:
        NumberError: it is neither, or the country is missing.
    """
    # Copied from an app, a number may have marks around it that nobody sees.
    text = "".join(each for each in written if unicodedata.category(each) != "Cf").strip()
    if USER_ID.fullmatch(text):
        return (f"user:{text}",)
    plain = text.replace("(0)", "")  # +49 (0)170 1234567
    digits = "".join(each for each in plain if each in "0123456789")
    rest = {each for each in plain if each not in digits and unicodedata.category(each) not in ("Zs", "Pd")}
    international = digits[2:] if plain.startswith("00") else digits
    is_long_enough = _SHORTEST <= len(international) <= _LONGEST
    if rest - set(_BESIDE_DIGITS) or not is_long_enough or international.startswith("0"):
        raise NumberError(f"{written!r} is no number with its country's code: write it like +49 170 1234567.")
    forms = {international, *(re.sub(one, other, international) for one, other in _TWO_FORMS)}
    return tuple(f"wa:{each}" for each in (international, *sorted(forms - {international})))
