"""Which words may mean the same person: a wife is a partner and 'she', a son a child, both parents 'the parents'."""

import re

_MAY_BE = {
    "partner": "wife husband girlfriend boyfriend fiance",
    "fiance": "girlfriend boyfriend",
    "child": "son daughter baby twin girl grandchild",
    "baby": "son daughter twin",
    "girl": "daughter girlfriend",
    "sibling": "brother sister twin",
    "grandchild": "grandson granddaughter",
    "pet": "dog cat horse pony rabbit hamster mare gelding stallion foal parrot cow",
    "horse": "pony mare gelding stallion foal",
    "parent": "mother father",
    "grandparent": "grandmother grandfather",
}
_ALIKE = frozenset(frozenset((word, other)) for word, others in _MAY_BE.items() for other in others.split())
_WHICH = ("older-", "younger-", "other-", "middle-")
_LABEL = re.compile(r"-(?:[a-z]|\d+)$")  # patient A
_CALLED = {
    "she": "wife mother grandmother sister aunt niece daughter girlfriend granddaughter stepmother stepdaughter "
    "stepsister goddaughter godmother girl lady woman mare mrs miss ms",
    "he": "husband father grandfather brother uncle nephew son boyfriend grandson stepfather stepson stepbrother "
    "godson godfather boy man guy gelding stallion mr",
}
_PRONOUN = {word: pronoun for pronoun, words in _CALLED.items() for word in words.split()}
# All who live with the customer: 'we all have shingles'.
FAMILY = "family"
_OUTSIDERS = (
    "neighbour friend colleague boss employee client patient student pupil teacher tenant resident guest employer "
    "trainer coach landlord landlady lodger manager supervisor instructor classmate bandmate apprentice acquaintance "
    "mr mrs miss ms"
)
# Of the parents of someone there are two, and each has conditions of their own.
PAIRS = {"parent": ("mother", "father"), "grandparent": ("grandmother", "grandfather")}
SHE_AND_HE = {pair: {"she": (her,), "he": (him,)} for pair, (her, him) in PAIRS.items()}


def may_be(said: str, known: str) -> bool:
    """Whether a word for a person may mean one who was spoken of by another word.

    'My sister' may be the older sister, but 'my younger sister' is not known to be the sister spoken of.
    """
    for which in _WHICH:
        known = known.removeprefix(which) if not said.startswith(which) else known
    if not _LABEL.search(said) or not _LABEL.search(known):
        said, known = _LABEL.sub("", said), _LABEL.sub("", known)
    return said == known or frozenset((said, known)) in _ALIKE


def pronoun_of(person: str) -> str | None:
    """'She' or 'he' for a person of whom that is known: not for a friend, a pet or a name."""
    return next((_PRONOUN[word] for word in person.split("-") if word in _PRONOUN), None)


def fits(pronoun: str, person: str) -> bool:
    """Whether a person may be called so."""
    return pronoun not in ("she", "he") or pronoun_of(person) in (pronoun, None)


def of_the_family(person: str) -> bool:
    """Whether what the whole family has may be this person's."""
    return not set(person.split("-")) & set(_OUTSIDERS.split())
