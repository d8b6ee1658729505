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
# One that is there again, a new device in the place of the old one, a child that is born, and a test or a doctor's word
# that what was only feared is not so.
BACK, RENEWED, BORN, CLEARED = "back", "renewed", "born", "cleared"


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
    r"i (?:just )?remember(?:ed)?|ah yes|wrong|unfortunately|sadly|then|now|my fault|"
    r"(?:i )?(?:(?:have |had )?(?:just |totally |completely )?(?:confused|mixed|messed|muddled|got|wrote|said|typed|"
    r"put)) (?:that|it|them|this|those|these|the (?:two|people|persons|relatives))(?: two)?(?: (?:up|wrong|"
    r"wrongly|incorrectly))?(?= (?:,|-|:|it|that))|(?:that|it|this) (?:is|was) (?:wrong|incorrect|a mistake|not right)|"
    r"(?:i|we) (?:have )?(?:just |now )?(?:asked|rang|called|phoned|(?:spoke|spoken|talked) (?:to|with)|checked with) "
    r"(?P<told>P|him|her|them)(?= (?:and|:|,|-|he|she|they) )|"
    r"(?:i|we|she|he) (?:am|are|is|do|does|have|has) not(?= (?:,|-|and|because|as|since|cos) )|because|since|as|cos|"
    r"i (?:was|made) (?:wrong|mistaken|an? (?:mistake|error))) )*"
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
    r"(?:has|have|had|have got|has got|is got|got|wear|wears|carry|carries|suffers? from)"
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
_MEANT = r"(?=.* (?:oops|mistake|correction|wrong person|wrong|i mean|i meant|confused|mixed) )"
_SORRY = r"(?=.* (?:sorry|oops|mistake|correction|wrong person|i mean) )"
_CORRECTS = (
    r"(?=.* (?:no|nope|sorry|wait|mistake|actually|oops|correction|wrong|misunderstood|should have said|confused|mixed|"
    r"messed|muddled|incorrect|mistaken|error|mean|meant) )"
)

# The customer, as the one who has it.
_ME = r"(?:me|myself|i|mine)"
_NOT_P = r"(?:not|rather than|instead of) (?:P|him|her|them|hers|his|theirs)"
_ANY = (
    r"(?:(?:i (?:think|believe|guess|fear|suspect)|i am afraid|(?:it )?(?:looks|seems)(?: like)?|apparently) "
    r"(?:that )?)?"
    rf"(?:{_IT}|his|hers|theirs)"
)
_AGAIN = (
    r"(?:(?:has |have |is |are |had |just |all |now |then |already |sadly |unfortunately )*"
    r"(?:(?:came|come|comes|coming|grew|grown|flared|flaring|broke|broken|burst|tore|torn|split|opened|open|cracked|"
    r"started|starting|got|gotten|infected|fractured|bleeding|inflamed|bad|worse|there|up|to|bleed|ooze|weep|really) )*"
    r"(?:back|again|apart|reopened|returned|recurred|relapsed|resurfaced|rebroken|re ?fractured|reinfected|"
    r"reappeared|flared up|opened up|burst open|burst|split open|come open|came open|tore open|torn open))"
)
_NEW_ONE = (
    r"(?:an?|the|my|his|her) (?:(?:brand|new|newer|better|modern|second|different|replacement) )+(?:one|device|model)?"
)
# 'I have one too, mine is for my neck' is a pad.
_NO_PAD = (
    rf"(?!.* (?:mine|it) (?:is|was) (?:only |just )?for (?:[^ ]+ ){{0,4}}?(?!brain|chest|spine){BODY} )"
    rf"(?!.* (?<!can )(?<!could )(?<!may )(?<!should )i (?:(?:only|just|also|always) )?(?:use|bought) (?:it|mine) )"
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
        rf"(?:that|it|this) (?:is|was) (?:(?:only|really|just|actually) )*{_P}{_WHO_HAS}",
        rf"(?:that|it) (?:is|was) {_P}(?: that| who| whom)? (?:i|we) (?:was|am|were|are|meant|mean)"
        r"(?: (?:asking|talking|speaking|writing|thinking))?(?: (?:about|for|of))?",
        rf"(?:that|it|this|the question|my question) (?:is|was) (?:(?:only|really|just) )*about {_P}",
        rf"{_P}(?: is| was| 's) the (?:one|person|patient){_WHO_HAS}?",
        rf"i am the (?:one|person|patient){_WHO_HAS}?",
        rf"i (?:meant|mean|was talking about|was referring to) {_ME}",
        rf"(?:that|it|this) (?:is|was) (?:(?:only|really|just|actually) )*{_ME}{_WHO_HAS}",
        rf"(?:(?:that|it|this) (?:is|was) )?{_NOT_P}(?: ,| -)?(?: but)?(?: (?:it|that) (?:is|was))? (?:{_P}|{_ME})"
        rf"(?: 's| is| has| does| had| was)?(?: it| one)?{_WHO_HAS}?",
        # 'Mine, not hers' alone may be said of a shoulder.
        rf"(?:(?:that|it|this) (?:is|was) {_ME}|{_P}|me|myself|i)(?: 's| is| has| does)?(?: ,| -)?(?: and)? {_NOT_P}",
        rf"(?:(?:that|it|this) (?:is|was) )?(?:{_P}|{_ME})(?: is| has| does)?(?: it| one)?(?: ,)? i (?:mean|meant)",
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
        rf"{_NO_PAD}{_S}(?: 's)? {_HAS} {_ONE}",
        rf"{_P}(?: really| definitely| also| too| 's)* (?:is|are|does|do|has|did|was)",
        rf"(?:so|as) (?:is|does|has|do|are|am|have) {_S}",
        rf"(?:the )?same (?:goes )?(?:for|with) (?:{_P}|me|us)",
        rf"(?:{_P} (?:too|as well)|me too|same here|i (?:do|am|have) too)(?! (?:can|could|may|use)\b)",
        rf"(?:that|it|this) (?:is|was) (?:{_P}|mine)",
    ],
    (UNHEALED, "unsure"): [
        rf"{_IT}(?: still)? (?:has|have|is|does|did|will|are|do)(?: still)? (?:not|never)(?: (?:yet|fully|quite|"
        rf"completely|"
        r"really|been|properly))* (?:heal|heals|healed|healing|mended|knitted)(?: up| yet| at all| properly| so far)*"
    ],
    (BACK, "stated"): [
        rf"{_ANY} {_AGAIN}{_WHEN}(?: with \w+ \w+| badly| worse(?: than \w+)?)?",
        r"(?:back|there|open|infected|broken) again",
        r"not (?:completely|fully|entirely|quite)(?: (?:healed|closed|gone))?",
        r"(?:got|caught|have|has|had|broke) (?:it|one|that) again",
        r"(?:still )?not (?:gone|over|healed|closed|away)(?: yet)?",
        rf"{_ANY} (?:is|has|have|are|did) not (?:(?:yet|fully|quite|completely|really|been) )*(?:gone|"
        rf"over|away|cleared|disappeared|resolved|go away|clear up)(?: up| away| yet| at all)*",
        rf"{_ANY} (?:is|are) still (?:there|here|open|not (?:gone|over|healed|closed)|infected|broken)",
        rf"{_S} (?:have |has )?(?:broke|broken|fractured|injured|opened|tore|ripped|cut|reopened|rebroke) "
        rf"(?:it|that|this|mine|them)(?: open| up)?(?: again)?{_WHEN}",
        rf"{_S} (?:have|has|had|got|caught|have got|has got) another one",
    ],
    (RENEWED, "stated"): [
        rf"(?:they|doctors|surgeons|the (?:surgeon|doctors?|hospital)) {_IS}(?:put|fitted|gave|implanted|inserted|"
        rf"replaced) (?:(?:me|him|her|in|it|with|by) )*{_NEW_ONE}(?: in| back in| instead| fitted| inserted)*{_WHEN}",
        r"(?:they|doctors|surgeons) (?:have |had )?put (?:it|them) back(?: in)?",
        rf"{_S} {_IS}"
        rf"(?:get|getting|have|has|had|wear|wears|put in|fitted with)? ?{_NEW_ONE}(?: in| put in| instead|"
        rf" fitted| inserted| implanted)*{_WHEN}",
        rf"{_IT} {_IS}(?:replaced|exchanged|swapped|renewed|put back)(?: (?:by|with|for) {_NEW_ONE}| in)?{_WHEN}",
        rf"{_NEW_ONE} {_IS}(?:put in|fitted|inserted|implanted){_WHEN}",
    ],
    (BORN, "past"): [
        r"(?!.* (?:then|next|soon|tomorrow|until|when|if|once|years?|before|months? time|weeks? time) )"
        rf"{_P}(?: 's)? (?:(?:has|is|was|been|now|finally|just|already) )*(?:born|here|arrived|out)"
        r"(?: (?:now|already|finally|yesterday|today|last (?:night|week|month)|this (?:morning|week|month)|healthy|and "
        r"well|safely|safe and sound|at last|(?:an?|two|three|four|five|six|few|\d+) (?:days?|weeks?|months?) ago))*",
    ],
    (CLEARED, "denied"): [
        r"(?:(?:the|my|her|his|all|both|another|pregnancy|blood|home|that|a|it) )*(?:tests?|results?|scans?|biopsy|"
        r"swab|ultrasound|x ?ray)(?: results?)? (?:(?:was|is|were|are|has|have|came|come|turned|out|back|says?|said|"
        r"all|just|now) )*(?:negative|clear|normal)",
        r"(?:(?:it|that|this) )?(?:(?:was|is|turned out|to be|only|just|luckily) )*(?:a )?false alarm",
        rf"(?:{_S} )?(?:just |finally |have |has )*(?:got|had|gotten) (?:my|her) period(?: today| yesterday)?",
        r"(?:my|her) period (?:has )?(?:just |finally )?(?:came|come|started|arrived)(?: today| yesterday)?",
        r"(?:the |my |her )?(?:doctor|doctors|gp|midwife|test|hospital|specialist) (?:says?|said|confirmed)"
        rf"(?: that)? (?:{_S} (?:am|is|do|does|have|has) not(?: have (?:it|one))?|no|it is not)",
        r"(?:turns out (?:i|we) (?:am|do|have)|(?:no|nope|nah) (?:, )?i am) not",
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
    (MOVED, "stated", re.compile(f"{_CORRECTS}{_LEAD}(?:that|it|this) (?:is|was) (?:actually |really )?{_ME}{_TAIL}")),
    (MOVED, "stated", re.compile(f"{_SORRY}{_LEAD}{_P} (?:does|is|has (?:it|one)){_TAIL}")),
    (MOVED, "stated", re.compile(f"{_MEANT}{_LEAD}(?:for |about )?{_P}{_TAIL}")),
    (SAME, "stated", re.compile(f"(?=.* (?:sorry|no|nope) ){_LEAD}{_P}{_TAIL}")),
    (BACK, "stated", re.compile(f"{_CORRECTS}{_LEAD}{_IT} (?:has|is|did) not(?: really| quite)?{_TAIL}")),
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
            groups = match.groupdict()
            named = "who" if groups.get("who") else "told" if groups.get("told") else ""
            holder = who_at.get(places[begin + match.start(named)], CUSTOMER) if named else CUSTOMER
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
