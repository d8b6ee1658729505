"""What a message says of a condition without naming it: 'my wife does', 'it has healed', 'that was my sister, not me'.

Which condition that is, only the conversation knows (bot.answers.memory).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.understanding.conditions.people import CUSTOMER, OWNERS, PEOPLE, Anchor
from bot.understanding.conditions.relations import WHICH
from bot.understanding.conditions.words import Token, word_set
from bot.understanding.conditions.wounds import BODY

# What was last spoken of; the same, which is this person's and not the other's; what was asked without saying for
# whom; one that heals, was taken out or has gone away; one that has not healed.
SAME, MOVED, MEANT_FOR, UNHEALED = "same", "moved", "meant_for", "unhealed"
HEALED, REMOVED, GONE = "healed", "removed", "gone"


class Reference(NamedTuple):
    """A condition that is not named: which, the tokens that say so, its status and whose it is."""

    what: str
    first: int
    last: int
    status: str
    holder: str


# Sentences are matched whole, as ' word word ' with P for a person named: anything else in them is another subject.
_LEAD = (
    r"^ (?:(?:no|nope|yes|yeah|yep|oh|ah|wait|sorry|well|but|and|so|actually|hm|hmm|oops|correction|i mean|in fact|"
    r"(?:it )?turns out|to be honest|also|though|although|my mistake|my bad|i forgot|hold on|ok|okay|,|-|:|that|wrong "
    r"person|you misunderstood|good news|update|come to think of it|haha|lol|um|uh|er|hi|hello|btw|by the way|fyi|"
    r"to clarify|just to be clear|after all|i should have said|hang on|one moment|just remembered|"
    r"i (?:just )?remember(?:ed)?|ah yes) )*"
)
_TAIL = (
    r"(?: (?:too|also|as well|though|actually|now|after all|again|in fact|sorry|then|indeed|still|herself|himself|"
    r"already|"
    r"unfortunately|luckily|fortunately|thankfully|finally|instead|in our family|and not i))*"
    r"(?= [.!,-]| (?:so|and|but|can|could|may|is it|does it) | $)"
)
_P = r"(?P<who>P|she|he|they|her|him)"
_S = rf"(?:{_P}|i|we)"  # the subject: somebody, or the customer
_ONE = (
    r"(?:(?:it|one|that|this|them|two|these|those)(?: too)?|the same(?: thing| problem| condition| one)?|"
    r"(?:one|two|both) of (?:those|these|them))"
)
_HAS = (
    r"(?:(?:really|definitely|certainly|actually|also|still|indeed|probably|do|does) )*"
    r"(?:has|have|had|have got|has got|got|wear|wears|carry|carries|suffers? from)"
)
_ASKING = r"(?:talking|speaking|asking|writing|thinking) (?:about|of|for)"
_WROTE = r"(?:typing|writing|speaking|talking|asking)"
# Said with a name, it takes back what was understood of the customer.
NOT_ME = r"(?:not|rather than|instead of) (?:me|mine|i|myself)"
_WHO_HAS = (
    r"(?: (?:who|that|with|which)(?: (?:has|had|is|was|does|did|wears|got))?(?: got)?"
    r"(?: (?:it|one|that|this|the (?:problem|condition|issue)|affected|concerned|ill))?)"
)
_IT = (
    r"(?:it|that|this|they|mine|both|everything|"
    rf"(?:this|that|the) one(?: (?:on|in|at|under|behind) (?:my|his|her|the) (?:left |right )?{BODY})?)"
)
_IS = (
    r"(?:(?:has|have|is|are|was|were|been|had|got|'s|all|now|already|completely|fully|finally|just|since|long|quite) )*"
)
_WHEN = (
    r"(?: (?:now|completely|fully|nicely|well|fine|up|over|away|already|since|by now|meanwhile|finally|last \w+|"
    r"yesterday|"
    r"today|this (?:week|month|year|morning)|in \w+|on \w+day|(?:an?|one|two|three|four|five|six|\d+|few|some|"
    r"several|many|"
    r"a few|a couple of) (?:days?|weeks?|months?|years?) (?:ago|back)|ages ago|long ago|years ago|for good|"
    r"recently|ago))*"
)
# Said of oneself without an object it is an answer to anything, unless it takes something back.
_TAKES_BACK = (
    r"(?=.* (?:actually|wait|sorry|oh|turns out|in fact|but|forgot|oops|mistake|correction|after all|positive|"
    r"confirmed) )"
)
_CONTRADICTS = r"(?=.* (?:actually|wait|turns out|in fact|oops|mistake|correction|after all) )"
_SORRY = r"(?=.* (?:sorry|oops|mistake|correction|wrong person|i mean) )"
_CORRECTS = (
    r"(?=.* (?:no|nope|sorry|wait|mistake|actually|oops|correction|wrong person|misunderstood|should have said) )"
)

_RULES = {
    (MOVED, "stated"): [
        rf"i (?:(?:meant|mean)(?: for| about)?|asked (?:for|about)|was referring to|was {_ASKING}) {_P}(?: 's)?",
        rf"(?:(?:that|it|this|she|he) )?(?:(?:was|is|were|only|really|about) )*{_P}(?: 's| is| has| does| had| was)?"
        rf"(?: it| one)?(?: {_WROTE})?(?: ,| -)?(?: and)? {NOT_ME}",
        rf"(?:that|it) (?:is|was) {_P} {_WROTE}",
        rf"{_P}(?: just| only| has| had)? (?:typed|wrote|sent|said|written) (?:it|that|this)(?: message|"
        rf" text)?(?: for me| on my phone)?",
        rf"(?:(?:that|it|this) (?:is|was) )?{NOT_ME}(?: ,| -)?(?: but)?(?: (?:it|that) (?:is|was))? {_P}"
        rf"(?: 's| is| has| does| had| was)?(?: it| one)?{_WHO_HAS}?",
        rf"(?:that|it|this) (?:is|was) (?:(?:only|really|just) )*{_P}{_WHO_HAS}",
        rf"(?:that|it) (?:is|was) {_P}(?: that| who| whom)? (?:i|we) (?:was|am|were|are|meant|mean)"
        r"(?: (?:asking|talking|speaking|writing|thinking))?(?: (?:about|for|of))?",
        rf"(?:that|it|this|the question|my question) (?:is|was) (?:(?:only|really|just) )*about {_P}",
        rf"{_P}(?: is| was| 's) the (?:one|person|patient){_WHO_HAS}?",
    ],
    (MEANT_FOR, "stated"): [
        rf"(?:it|this|that|the (?:pad|lamp|panel|device)) (?:is|was|would be)(?: meant| only| just)* for {_P}",
        rf"(?:i am )?{_ASKING} {_P}",
    ],
    (SAME, "past"): [
        rf"{_S} (?:no longer (?:have|has|am|is|wear|wears)(?: {_ONE})?|(?:do|does) not have {_ONE} any ?(?:more|"
        rf"longer)|"
        r"(?:is|am|are|do|does|has|have) not any ?(?:more|longer))",
        r"not any ?(?:more|longer)",
    ],
    (SAME, "denied"): [
        rf"{_S} (?:(?:do|does|did) not have|(?:have|has) not(?: got)?|(?:do|does) not wear|never had|(?:have|"
        rf"has) never had) "
        rf"(?:{_ONE}|any)(?: either)?",
        rf"(?!they ){_P} (?:is|are|does|do|has|did|was) not(?: either)?",
        rf"(?:neither|nor) (?:do|am|does|is|has|have) {_S}",
    ],
    (SAME, "unsure"): [
        rf"{_P} (?:might|may|could)(?: be| have {_ONE})?",
        rf"(?:i|we) (?:might|may|could) (?:be|have {_ONE})",
        rf"(?:maybe|perhaps|probably) {_S} (?:is|does|do|am|(?:has|have) {_ONE})",
    ],
    (SAME, "stated"): [
        rf"{_S}(?: 's)? {_HAS} {_ONE}",
        rf"{_P}(?: really| definitely| also| too| 's)* (?:is|are|does|do|has|did|was)",
        rf"(?:so|as) (?:is|does|has|do|are|am|have) {_S}",
        rf"(?:the )?same (?:goes )?(?:for|with) (?:{_P}|me|us)",
        rf"(?:{_P} (?:too|as well)|me too|same here|i (?:do|am|have) too)(?! (?:can|could|may|use)\b)",
        rf"(?:that|it|this) (?:is|was) {_P}",
    ],
    (UNHEALED, "unsure"): [
        rf"{_IT}(?: still)? (?:has|have|is|does|did|will|are|do)(?: still)? (?:not|never)(?: (?:yet|fully|quite|"
        rf"completely|"
        r"really|been|properly))* (?:heal|heals|healed|healing|mended|knitted)(?: up| yet| at all| properly| so far)*"
    ],
    (HEALED, "past"): [
        rf"(?:(?:{_IT}|(?:my|the|his|her|{_P} 's) (?:left |right )?{BODY}) )?{_IS}(?:healed|closed|mended|knitted|"
        rf"scabbed over){_WHEN}"
    ],
    (REMOVED, "past"): [
        rf"(?:they|doctors|surgeons|the (?:surgeon|doctors?|hospital)) {_IS}(?:took|taken|removed|explanted|cut) "
        rf"(?:it|them|that|mine){_WHEN}(?: out| off)?{_WHEN}",
        rf"{_S} (?:have |has )?(?:had|got) (?:it|them|that|mine) (?:taken out|removed|explanted|cut out|out){_WHEN}",
        rf"{_IT} {_IS}(?:taken out|removed|explanted|cut out|out){_WHEN}",
    ],
    (GONE, "past"): [
        rf"{_IT} {_IS}(?:gone|went|over|cleared|passed|disappeared|vanished|cured|resolved|behind me)"
        rf"(?: away| up| by itself)?{_WHEN}",
        rf"{_S} (?:am |is |are |have |has |had |was |got )?{_IS}(?:over it|rid of (?:it|them)|"
        rf"recovered(?: from it)?|cured|"
        rf"free of it){_WHEN}",
    ],
}
_COMPILED = [
    *((MOVED, "stated", re.compile(f"{_LEAD}{said}{_TAIL}")) for said in _RULES[MOVED, "stated"]),
    (MOVED, "stated", re.compile(f"{_CORRECTS}{_LEAD}(?:that|it|this) (?:is|was) {_P}(?: 's)?{_TAIL}")),
    (MOVED, "stated", re.compile(f"{_SORRY}{_LEAD}{_P} (?:does|is|has (?:it|one)){_TAIL}")),
    *((*key, re.compile(f"{_LEAD}{said}{_TAIL}")) for key, rules in _RULES.items() for said in rules),
    (SAME, "denied", re.compile(f"{_CONTRADICTS}{_LEAD}(?:i|we) (?:am|do|are|have) not{_TAIL}")),
    (SAME, "stated", re.compile(f"{_TAKES_BACK}{_LEAD}(?:i|we)(?: really| definitely)? (?:am|do|are|have){_TAIL}")),
]
_COMMA = re.compile(r" ?[,-] ")
_PRONOUNS = word_set(
    "i me my mine myself we us our ours she her hers he him his they them their theirs it its herself himself"
)
_BEFORE = OWNERS | WHICH.keys() | word_set("dear poor old elderly late own")


def references(tokens: list[Token], people: list[Anchor]) -> Iterator[Reference]:
    """What a message says of conditions that it does not name, in the clauses with which its sentences begin."""
    who_at = {a.first: a.who for a in people if a.who != PEOPLE}
    for number in sorted({t.sentence for t in tokens}):
        text, places = _without_names(number, tokens, who_at)
        begin = 0
        while found := _first_rule(text[begin:]):
            what, status, match = found
            named = match.groupdict().get("who")
            holder = who_at.get(places[begin + match.start("who")], CUSTOMER) if named else CUSTOMER
            yield Reference(what, places[begin + 1], places[begin + match.end() - 1] + 1, status, holder)
            # 'I don't have one, it's my brother who has it': the next clause may say more.
            comma = _COMMA.match(text, begin + match.end())
            if not comma:
                break
            begin = comma.end() - 1


def _first_rule(text: str) -> tuple[str, str, re.Match[str]] | None:
    found = ((what, status, rule.match(text)) for what, status, rule in _COMPILED)
    return next(((what, status, match) for what, status, match in found if match), None)


def _without_names(number: int, tokens: list[Token], who_at: dict[int, str]) -> tuple[str, list[int]]:
    """A sentence as ' word word ' with P for each person named, and the token of each character."""
    pieces: list[tuple[str, int]] = []
    for place, token in enumerate(tokens):
        if token.sentence != number:
            continue
        words = token.text.split()
        if place in who_at and words and words[0] not in _PRONOUNS:
            while pieces and pieces[-1][0] in _BEFORE:
                pieces.pop()
            pieces.append((" ".join(["P", *words[1:]]), place))
        elif token.text in ("in", "law") and pieces and who_at.get(pieces[-1][1], "").endswith("-in-law"):
            continue
        elif not (token.capital and pieces and pieces[-1][0] == "P"):
            pieces.append((token.text, place))
    text, places = " ", [pieces[0][1]] if pieces else []
    for piece, place in pieces:
        text += piece + " "
        places += [place] * (len(piece) + 1)
    return text, places
