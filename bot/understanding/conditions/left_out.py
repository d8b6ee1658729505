"""Whom a message leaves out: 'not for her', 'he is not going near it', 'so she cannot'."""

import re

from bot.understanding.conditions.people import CUSTOMER, PEOPLE, Anchor
from bot.understanding.conditions.words import Token, word_set

# Sentences are looked at as ' word word ', with P for each person named.
_IT = r"(?:it|this|that|these|one|any|the \w+|your \w+|mine|a go)"
_USES = (
    rf"(?:us(?:e|es|ing)|try|tries|trying|touch\w*|wear\w*|need\w*|want\w*|have|having|get|getting|go on|"
    rf"going on|lie on|"
    rf"buying|buy) (?:to (?:use|try|have) )?{_IT}|(?:go|goes|going|come|comes|coming)(?: any ?where)? near|"
    r"(?:be )?(?:involved|interested|included|allowed(?: to| near|(?= [.,;!]))|asking|part of)|us(?:e|ing)(?= [.,;!])"
)
_WAYS = (
    r"(?<!if )(?<!why )(?<!only )not (?:meant |intended |really |asking )?(?:for|about) P(?! only| just| alone)",
    r"(?:leav\w+|keep\w*|count\w*) P (?:[^ .,;]+ ){0,4}?out(?: of (?:it|this|that|the \w+))?",
    r"(?:leav\w+|putt\w+) P aside|P (?:left )?aside",
    r"nothing to do with P|(?:never mind|forget(?: about)?|regardless of|apart from|other than) P(?= [.,;:!-])",
    r"(?<!is )(?<!why )(?:rather than|instead of|not) P(?= (?:[.,;:!-]|i |me |my |mine |who |it |but |$))",
    r"P (?:is |will |would |does |do |has |have |can |could |should |must |may |are |am |shall )?(?:certainly |"
    r"definitely |anyway |also |obviously )?(?:not|never) (?:(?:be|ever|go|going to|gonna|want to|plan\w* to|"
    r"even|to) )*"
    rf"(?:{_USES})(?! (?:without|unless|until|till|before|yet|if|when|more|as much|only)\b)",
    r"P (?:knows?|understands?|is aware|accepts?|has been told|was told)(?: that)? (?:P (?:can|must|may|"
    r"should) not|not to)"
    rf"(?: (?:use|have|try|touch) {_IT})?",
    r"(?:so|and|but|thus|therefore|hence|which means|means|obviously|,) P (?:can|must|may|should|will) not"
    rf"(?: (?:use|have|try) {_IT})?(?: anyway| of course| obviously)?(?= [.,;:!-])",
    r"P (?:will |is |would |has to |must )?(?:keep|keeps|keeping|stay|stays|staying|steer\w*) (?:well |right |far )?"
    r"(?:away|clear|out|off)",
    rf"P (?:will |would |is )?(?:leav\w+|avoid\w*|skip\w*) {_IT}(?: (?:alone|be|to me|well alone))?",
)
_LEAVES_OUT = re.compile(rf"(?<= )(?:{'|'.join(_WAYS)})(?= )")
_BEFORE_P = word_set("my our the his her their dear poor pregnant own old elderly late with")


def left_out(tokens: list[Token], people: list[Anchor], until: int | None = None) -> list[Anchor]:
    """Those of a message's people of whom it says that it is not about them.

    Args:
        tokens, people: of the message.
        until: the token with which its question begins: 'can she not use it?' asks.
    """
    who_at = {a.first: a for a in people if a.who not in (CUSTOMER, PEOPLE)}
    text, places = _with_people(tokens, who_at)
    found: list[Anchor] = []
    for match in _LEAVES_OUT.finditer(text):
        if until is not None and places[match.start()] >= until:
            continue
        here = {places[match.start() + n] for n, letter in enumerate(match.group()) if letter == "P"}
        found += [who_at[place] for place in sorted(here) if place in who_at]
    return found


def _with_people(tokens: list[Token], who_at: dict[int, Anchor]) -> tuple[str, list[int]]:
    pieces: list[tuple[str, int]] = []
    for place, token in enumerate(tokens):
        if place in who_at:
            while pieces and pieces[-1][0] in _BEFORE_P - {"with"}:
                pieces.pop()
            pieces.append((" ".join(["P", *token.text.split()[1:]]), place))
        else:
            pieces.append((token.text, place))
    text, places = " ", [0]
    for piece, place in pieces:
        text += piece + " "
        places += [place] * (len(piece) + 1)
    return text, places
