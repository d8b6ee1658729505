"""A message as it is meant to be read, each character with its place in the message as written."""

import html
import re
import unicodedata

# What is not seen: a tag of markup is dropped, one that begins a new line becomes one, an entity what it stands for.
_MARKUP = re.compile(r"</?(?P<tag>[a-zA-Z][a-zA-Z0-9]*)(?:\s[^<>]{0,200})?/?>|&(?:#\w{1,7}|[a-zA-Z]{2,8});")
_MARKS = re.compile("[<&#~]")
_BREAKING = frozenset(("br", "p", "div", "li", "tr", "td", "th", "ul", "ol", "h1", "h2", "h3"))
# Struck through, as in WhatsApp and Markdown: from a word's beginning to a word's end, unlike '~30 minutes'.
_STRIKING = frozenset(("s", "del", "strike"))
_STRUCK = re.compile(r"(?<![^\W_])(?<!~)(~~?)(?![\s~])[^~\n]{1,500}(?<!\s)\1(?!~|[^\W_])")
# Skin colours and ways to draw a character are no part of it.
_UNSEEN = re.compile("[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
# A word spelt apart: single letters with one and the same mark between them.
_APART = re.compile(r"(?<![\w'\u2019])[a-zA-Z](?P<mark>[ .*_-])(?:[a-zA-Z](?P=mark)){2,}[a-zA-Z](?!\w)")
# '#' as doctors write a fracture, before or behind the bone: '#NOF', 'scaphoid #'.
_BONE = (
    r"(?:nof|neck of femur|scaphoid|(?:distal |proximal )?(?:radius|ulna|tibia|fibula|femur|humerus)|clavicle|"
    r"metatarsals?|metacarpals?|malleol\w+|calcaneus|patella|olecranon|pelvis|vertebra\w*)"
)
_LIMB = r"(?:(?:left|right|l|r) )?(?:wrist|ankle|ribs?|hip|toe|finger|thumb|arm|elbow|leg|foot|hand|collarbone)"
_BROKEN = re.compile(
    rf"(?<!#)(?P<sign>#)(?= ?{_BONE}\b| {_LIMB}\b)|\b(?:{_BONE}|{_LIMB}) ?(?P<behind>#)(?!\w)", re.IGNORECASE
)
_FRACTURE = " fracture "

_LOOKS_LIKE = str.maketrans(
    "аеорсухікмтвнзѕјԁһӏгαορεικνυτχβηмιѵլ",
    "aeopcyxikmtbh3sjdhlraopeiknutxbnmivl",
)
# Turkish has an i without a dot; in capitals, and by many who type, it is the same letter.
_DOTLESS = str.maketrans("ı", "i")
_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_LATIN = re.compile("[a-z]")
_DIGIT_INSIDE = re.compile(r"(?<=[a-z])[013457]+(?=[a-z])")
_LETTER = str.maketrans("013457", "oieast")


def readable(text: str) -> tuple[str, list[int] | None]:
    """A text without what is not seen or struck through, with words spelt apart joined and '#' of a bone as the word.

    Returns:
        That text, and the place in the original of each character of it and of its end; None if nothing changed.
    """
    if text.isascii() and not _MARKS.search(text) and not _APART.search(text):
        return text, None
    chars: list[str] = []
    places: list[int] = []
    end = 0
    for match in _MARKUP.finditer(text):
        _copy(text, end, match.start(), chars, places)
        tag = match["tag"]
        seen = _drawn(tag.casefold()) if tag else html.unescape(match.group())
        if len(seen) == 1 and not _is_unseen(seen):
            chars.append(seen)
            places.append(match.start())
        end = match.end()
    _copy(text, end, len(text), chars, places)
    plain = "".join(chars)
    for sign in reversed(list(_BROKEN.finditer(plain))):
        start = sign.start("sign" if sign["sign"] else "behind")
        chars[start : start + 1] = _FRACTURE
        places[start : start + 1] = [places[start]] * len(_FRACTURE)
    plain = "".join(chars)
    dropped = {n for m in _APART.finditer(plain) for n in range(m.start() + 1, m.end(), 2)} | _struck(plain)
    kept = [n for n in range(len(chars)) if n not in dropped]
    return "".join(chars[n] for n in kept), [places[n] for n in kept] + [len(text)]


def _drawn(tag: str) -> str:
    return "\n" if tag in _BREAKING else "~" if tag in _STRIKING else ""


def _struck(text: str) -> set[int]:
    """The places of what is struck through; none where nothing else is said."""
    said = any(char.isalnum() for char in _STRUCK.sub("", text))
    return {n for match in _STRUCK.finditer(text) for n in range(*match.span())} if said else set()


def _copy(text: str, start: int, end: int, chars: list[str], places: list[int]) -> None:
    for place in range(start, end):
        if not _is_unseen(text[place]):
            chars.append(text[place])
            places.append(place)


def _is_unseen(char: str) -> bool:
    return not char.isascii() and (unicodedata.category(char) == "Cf" or bool(_UNSEEN.match(char)))


def plain_letters(word: str) -> str:
    """A folded word with letters of its own script only, and no digits that stand for letters."""
    if not word.isascii() and _FOREIGN.search(word) and _LATIN.search(word):
        word = word.translate(_LOOKS_LIKE)
    word = word.translate(_DOTLESS)
    if len(word) > 4 and _DIGIT_INSIDE.search(word):
        word = _DIGIT_INSIDE.sub(lambda digits: digits.group().translate(_LETTER), word)
    return word
