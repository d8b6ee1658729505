"""Which words for people may mean the same person: a wife is a partner, a son a child, both parents 'the parents'."""

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
# Of the parents of someone there are two, and each has conditions of their own.
PAIRS = {"parent": ("mother", "father"), "grandparent": ("grandmother", "grandfather")}
SHE_AND_HE = {pair: {"she": (her,), "he": (him,)} for pair, (her, him) in PAIRS.items()}


def may_be(said: str, known: str) -> bool:
    """Whether a word for a person may mean one who was spoken of by another word.

    'My sister' may be the older sister, but 'my younger sister' is not known to be the sister spoken of.
    """
    for which in _WHICH:
        known = known.removeprefix(which) if not said.startswith(which) else known
    return said == known or frozenset((said, known)) in _ALIKE
