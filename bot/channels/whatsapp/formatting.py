"""Text as WhatsApp reads it: what its apps take for formatting, and how long it counts a text to be."""

import re

# What stands in for a character that WhatsApp would take for formatting and not show: it has no way to escape one.
_LOOKALIKES = str.maketrans({"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"})
_LINE_BEGINS = {"-": "‐", "*": "∗", ">": "＞"}  # before a blank: an item of a list, or a quotation
_LINK = re.compile(r"(https?://\S+)")
# Between two letters or digits it formats nothing: a_b, 2*3.
_MARK = re.compile(r"(?<![^\W_])[*_~`]|[*_~`](?![^\W_])")
_LINE_BEGIN = re.compile(r"^([-*>])(?=\s)", re.MULTILINE)
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")


def length(text: str) -> int:
    """How many characters a text has, an emoji counted as two: Meta does not say which way it counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def plain(text: str) -> str:
    """The text as the customer is to see it: nothing in it formats anything.

    A character that would do so becomes one that looks like it; in a link, where _ and ~ are usual, they stay.
    """
    text = _LINE_BEGIN.sub(lambda found: _LINE_BEGINS[found[1]], text)
    parts = _LINK.split(text)
    parts[::2] = [_MARK.sub(lambda found: found[0].translate(_LOOKALIKES), part) for part in parts[::2]]
    parts[1::2] = [re.sub("[*`]", lambda found: found[0].translate(_LOOKALIKES), link) for link in parts[1::2]]
    return "".join(parts)


def bold(text: str) -> str:
    """The text in bold: line by line, because formatting ends with the line."""
    return _marked("*", text)


def italic(text: str) -> str:
    """The text in italics, line by line."""
    return _marked("_", text)


def _marked(mark: str, text: str) -> str:
    lines = (plain(" ".join(line.split())) for line in text.splitlines())
    return "\n".join(f"{mark}{line}{mark}" for line in lines if line)


def shortened(text: str, most: int) -> str:
    """As many whole sentences as fit, with '…' after them; of a sentence that does not fit, its words."""
    if length(text) <= most:
        return text
    text = text[:most]
    ends = [found.start() for found in _SENTENCE_ENDS.finditer(text)]
    blanks = [found.start() for found in re.finditer(r"\s", text)]
    for places in (ends, blanks, range(len(text))):
        fitting = [place for place in places if place and length(text[:place]) <= most - 2]
        if fitting:
            return f"{text[: fitting[-1]]} …"
    return "…"
