"""Whom a message leaves out: 'not for her', 'he is not going near it', 'so she cannot', 'she is, but my back aches'."""

import re
from itertools import pairwise

from bot.understanding.conditions.people import CUSTOMER, NOT_SO_CALLED, PEOPLE, Anchor
from bot.understanding.conditions.relations import PETS, RELATIONS
from bot.understanding.conditions.words import Token, word_set
from bot.understanding.conditions.wounds import BODY

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

OWN_BODY = (
    rf"(?:{BODY}|backache|headaches?|hamstrings?|quads?|biceps?|triceps|glutes?|muscles?|joints?|tendons?|wrinkles?|"
    r"crows? feet|lines|complexion|eyes|circulation|arthritis|sciatica|tennis elbow|stiffness|soreness|pains?|aches?)"
)
_COMPLAINT = (
    r"(?:stiff\w*|rigid|sor(?:e|er|eness)|ach\w+|achey|hurt\w*|pains?|painful|cold|freezing|icy|tired|tight\w*|"
    r"tens(?:e|ion)|"
    r"knots?|knotted|cramp\w*|spasms?|wrinkle\w*|crow(?:s| 's)? feet|(?:fine|laugh|frown|smile) lines|strain\w*|"
    r"sprain\w*|twing\w+|"
    r"throb\w*|numb|creak\w*|arthritis|arthritic|rheumat\w+|sciatica|\w+ache|trouble|playing up|killing|suffer\w*|"
    r"swollen|"
    r"bruise\w*|wrecked|exhausted|knackered|weary|heavy|dodgy|gammy|tennis elbow|poor circulation|not what \w+ "
    r"(?:was|were))"
)
# 'My worry is the stiff neck' and 'I get asked about sore backs' may be of anybody's.
_ANY = (
    r"(?:(?!(?:is|are|was|were|whether|if|that|about|for|to|her|his|their|asked|told|has|wants?|says?|said|think|know|"
    r"question|worry|pad|panel|lamp|mat)\b)[^ ]+ )"
)
_MY_OWN = re.compile(
    rf" my (?:own )?(?!wife|husband){_ANY}{{0,3}}?(?P<of>{OWN_BODY}|{_COMPLAINT})\b(?! (?:pads?|panel|mat|lamp|light|"
    rf"belt|"
    rf"wrap|cushion)\b)| (?:[^ ]+ )?(?:{OWN_BODY}) of mine\b| mine (?:just |only |all )?(?:is|are|feels?|aches?|"
    rf"hurts?) "
)
_I_SUFFER = re.compile(
    r" i (?:(?:am|have|just|only|always|often|still|also|do|really|keep|now|was|had) )*(?:got|get|gets|getting|have|"
    r"had|"
    r"suffer\w*|feel|feeling|am|woke(?: up)?|wake(?: up)?|pulled|strained|hurt|ache|live|struggle|the one) "
    rf"{_ANY}{{0,6}}?{_COMPLAINT}\b| i (?:am|have|get|feel|always|still|just|only|ache|hurt) "
    rf"{_ANY}{{0,3}}?{_COMPLAINT}\b"
    r"| (?<!tell )(?<!told )(?<!give )(?<!show )(?<!let )(?<!ask )(?<!asked )(?<!send )(?<!says to )me (?!if |whether )"
    rf"{_ANY}{{0,6}}?{_COMPLAINT}\b| {_COMPLAINT} me "
)
# Who says that he has nothing of the kind goes on about himself: 'not me. stiff neck'.
_FREE = re.compile(
    r" not (?:me|i|mine) $| (?:as for |and )?me $| i (?:do|am|have) not $| i do not (?:have|wear) "
    r"| i am (?:\w+ )?(?:healthy|fine|well|ok|okay|fit|clear) $| i have (?:none|nothing|no such)\b"
)
_IS_FINE = re.compile(
    rf" {BODY} (?:is|are|feels?) (?:(?:all|quite|perfectly|just|really) )*(?:fine|ok|okay|good|great|healthy|right|"
    rf"strong) "
)
# Of what is only used or owned, a question may be for somebody else after all.
_ONLY_USES = re.compile(
    r" (?:use|used|using|bought|have|got|own|put|hold) (?:(?:a|an|the|my|your|this) )?(?:it|this|one|mine|pad|panel|"
    r"lamp|mat|"
    r"belt|device|light|wrap) (?:[^ ]+ ){0,2}?(?:for|on|with) (?!.*(?:only|just))| (?:with|in|by) my (?:own |bare "
    r")?(?:hands?|"
    r"arms?|fingers?) | (?:rub|rubbed|hold|massage|stroke) "
)
_JOINS = word_set("but so while whereas whilst though although because cos yet however which")
_THEIRS = re.compile(
    r" (?:both|us|we|our|ours|together|each other|share|shared|sharing|ourselves|everyone|everybody|near|around|next "
    r"to|"
    r"beside|close to|same (?:room|bed|sofa|house)|bump|belly|womb|unborn|fetus|baby|pregnan\w*|"
    r"(?:give|lend|let|tell|ask|to) (?:them|it to)|they (?:use|try|wear|have|can|could)) "
)
RISK = re.compile(r" (?:safe|safely|risk\w*|danger\w*|harm\w*|allowed) (?!(?:for|to) (?:me|my)\b)")
_THE_ANIMAL = re.compile(
    r" (?:on|onto|to|around|over|for|with|help|give|let|can|could|may|does|is) (?:it|its) (?!for|help|work)"
)
# 'I work with pregnant women' tells whom the speaker has to do with; 'pregnant women should not' may mean him.
_HAS_TO_DO = re.compile(
    r" i (?:[^ ]+ ){0,3}?(?:work\w*|look\w* after|car(?:e|ing) for|teach\w*|coach\w*|train\w*|treat\w*|nurse|drive|"
    r"serve|help|"
    r"visit|live|deal\w*|massage) (?:[^ ]+ ){0,8}$"
)
# Those by whom another one of the family may be meant.
_VAGUE = word_set(
    "partner child sibling parent grandparent twin baby relative folk grandchild pet friend patient client customer "
    "girl boy "
    "lady woman man guy"
)
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


def done_with(tokens: list[Token], people: list[Anchor]) -> set[str]:
    """Those of whom a message speaks no more once it tells of the complaint of somebody else.

    'My wife is pregnant, MY back hurts': from the complaint on, the speaker's or a named one's, no word may mean her.
    A complaint that is nobody's ('wife is pregnant, sore back') may be anybody's.
    """
    clauses = _clauses(tokens, people)
    done: set[str] = set()
    free = False
    for begin, end in clauses:
        text = _text([t for t in tokens[begin:end] if t.is_word and t.text.isascii()])
        here = [a for a in people if begin <= a.first < end]
        whose = _complains(tokens, text, here, free)
        free = bool(_FREE.search(text)) and not any(a.who != CUSTOMER for a in here)
        if whose:
            told = {a.who for a in people if a.last <= begin and _told_of(a, tokens)}
            done |= {who for who in told - {whose, CUSTOMER} if _no_more(who, whose, (begin, end), tokens, people)}
    return done


def complains_of_own(tokens: list[Token], people: list[Anchor]) -> bool:
    """Whether a message tells of a complaint of the speaker's, and nothing after it may be for anybody else."""
    clauses = [
        (begin, end, _text([t for t in tokens[begin:end] if t.is_word and t.text.isascii()]))
        for begin, end in _clauses(tokens, people)
    ]
    mine = [
        (b, e) for b, e, text in clauses if _complains(tokens, text, [a for a in people if b <= a.first < e], False)
    ]
    return any(_no_more("", CUSTOMER, clause, tokens, people) for clause in mine)


def _clauses(tokens: list[Token], people: list[Anchor]) -> list[tuple[int, int]]:
    """From one mark or joining word to the next, and from where the speaker becomes the subject."""
    starts = {a.first for a in people}
    cuts = [0]
    for n, token in enumerate(tokens):
        first = token.text.split()[0] if token.text.split() else ""
        behind = _text(tokens[n : n + 5])
        nothing_but = token.text == "but" and n and tokens[n - 1].text in ("nothing", "anything", "all")
        joins = (token.text in _JOINS and not nothing_but) or (token.text == "and" and starts & {n + 1, n + 2, n + 3})
        speaks = first == "i" or re.match(
            rf" my (?:own )?(?:[^ ]+ )?{BODY} (?:is|are|{_COMPLAINT})\b| me (?:just |only )?{_COMPLAINT}\b", behind
        )
        if not token.is_word or joins or not first.isascii() or speaks:
            cuts.append(n if speaks else n + 1)
    cuts.append(len(tokens))
    return [(one, other) for one, other in pairwise(cuts) if other > one]


def _complains(tokens: list[Token], text: str, here: list[Anchor], free: bool) -> str | None:
    """Whose complaint a clause tells of: the speaker's, or that of one who is named."""
    others = [a for a in here if a.who != CUSTOMER and not _means_body(a, tokens, text)]
    if not others and not re.search(r" (?:we|us|our|ours) ", text):
        mine = _MY_OWN.search(text) or _I_SUFFER.search(text) or (free and re.search(rf" {_COMPLAINT} ", text))
        return CUSTOMER if mine and not _IS_FINE.search(text) else None
    whose = {a.who for a in others}
    named = next((a for a in others if _is_noun(a, tokens)), None)
    behind = _text(tokens[named.first : named.last + 8]) if named else ""
    has = re.match(
        rf" [^ ]+ (?:in law )?(?:'s|is|has|have|got|gets|suffers|with|:) (?:[^ ]+ ){{0,4}}?{_COMPLAINT}\b", behind
    )
    return named.who if named and has and len(whose) == 1 and not any(a.who == CUSTOMER for a in here) else None


def _no_more(who: str, whose: str, clause: tuple[int, int], tokens: list[Token], people: list[Anchor]) -> bool:
    """Whether nothing after a complaint may mean somebody told of before it."""
    begin, end = clause
    if whose != CUSTOMER and not ({who, whose} <= RELATIONS - _VAGUE):
        return False
    said, rest = _text(tokens[begin:end]), _text(tokens[end:])
    bodies = {m.rstrip("s") for m in re.findall(rf" ({BODY})(?= )", said)}
    again = list(re.finditer(rf" (?P<my>my (?:[^ ]+ )?)?(?P<body>{BODY})(?= )", rest))
    if any(not m["my"] and m["body"].rstrip("s") not in bodies for m in again) or _THEIRS.search(rest):
        return False
    repeated = any(m["body"].rstrip("s") in bodies for m in again)
    if (_ONLY_USES.search(said) and not repeated) or RISK.search(rest) or (who in PETS and _THE_ANIMAL.search(rest)):
        return False
    for anchor in (a for a in people if a.first >= end and a.who not in (CUSTOMER, whose)):
        if anchor.who in (who, PEOPLE, "baby", "child") and not _means_body(anchor, tokens, said):
            return False
    pronouns = [tokens[a.first].text.split()[0] for a in people if a.first >= end and not _is_noun(a, tokens)]
    may_be = [p for p in pronouns if p in _CALLED and not {who, *who.split("-")} & NOT_SO_CALLED[_CALLED[p]]]
    return not may_be or (whose != CUSTOMER and repeated)


_CALLED = {
    **dict.fromkeys(("she", "her", "hers", "herself"), "she"),
    **dict.fromkeys(("he", "him", "his", "himself"), "he"),
}
_THEY = word_set("they them their theirs themselves")


def _told_of(anchor: Anchor, tokens: list[Token]) -> bool:
    return anchor.who != PEOPLE or bool(_HAS_TO_DO.search(_text(tokens[: anchor.first])))


def _is_noun(anchor: Anchor, tokens: list[Token]) -> bool:
    word = tokens[anchor.first].text.split()[0]
    return anchor.who != CUSTOMER and word not in _CALLED and word not in _THEY


def _means_body(anchor: Anchor, tokens: list[Token], said: str) -> bool:
    """'My feet are cold, does it warm them'."""
    plural = re.search(rf" (?:feet|toes|(?:{BODY})s|wrinkles|lines|muscles|joints) ", said)
    return bool(plural) and tokens[anchor.first].text.split()[0] in _THEY


def _text(tokens: list[Token]) -> str:
    return " " + "".join(t.text + " " for t in tokens)


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
