"""Expressions in which a condition's word does not mean that somebody has it. By kind, never by sentence."""

import re

from bot.understanding.conditions.lexicon import Hit
from bot.understanding.conditions.words import Token, word_set

# Kind 1, compounds: the word belongs to a longer term. (first words of the phrase, what follows it)
_COMPOUNDS = [
    (r"tumou?r", r"necrosis"),
    (r"wounds?", r"(?:healing|repair|care|up|around|round|down|tight|tightly)\b"),
    (r"pregnant", r"(?:pause|silence|moment|with (?:meaning|possibilit))"),
    (r"infectious", r"(?:laugh|smile|enthusiasm|energy|mood)"),
    (r"infections?", r"control\b"),
    (r"still bleeding", r"edge\b"),
    (
        r"open wounds?",
        r"(?:for|of|in) (?:our|my|the|this|his|her|their|a) (?:family|country|nation|society|marriage|town|"
        r"relationship|history|city|soul|heart|people|community|company)\b",
    ),
    (
        r"cancer",
        r"(?:on|of|in) (?:(?:our|the|this) )?(?:society|world|soul|economy|nation|community|company|industry|"
        r"internet|politics)\b",
    ),
    (r"fever", r"(?:pitch|dream)"),
    (r"boils?", r"(?:down|over|the|water|an?|eggs?|it)\b"),
    (
        r"electronic devices?",
        r"(?:, )?(?:like|such as)?(?: (?:a|my|the))* ?(?:phones?|mobiles?|laptops?|"
        r"tvs?|computers?|tablets?)\b",
    ),
    (
        r"shingles?",
        r"(?:last|damaged|left|vaccin\w*|jab|shot|injection|nerve|neuralgia|scars?|"
        r"\w+ (?:years?|months?) ago|years? ago|in \d{4})\b",
    ),
    (
        r"pacemakers?",
        r"of (?:(?:the|a|this|our|last) )?(?:\w+ )?(?:marathon|race|field|group|economy|10k|sprint)\b",
    ),
    (r"(?:my )?(?:ob|midwife|obstetrician)", r"(?:course|training|school)"),
    (
        r"(?:flu|influenza|covid|pneumonia|hepatitis|tuberculosis|measles|mumps|malaria)",
        r"(?:jabs?|shots?|vaccin\w*|injection|booster|season)\b",
    ),
    (r"cancer", r"(?:horoscope|zodiac|season|sign\b|star|rising|sun sign|research|charity)"),
]
# The same from the front: (what goes before, the phrase).
_PRECEDED = [
    (
        r"(?:hay|cabin|spring|gold|dance|gym|football|election|world cup|wedding|christmas|saturday night|jungle|"
        r"buying|"
        r"shopping|travel|festival) ",
        r"fever",
    ),
    (
        r"\b(?:screens?|phones?|panels?|pads?|glass|lens|cables?|plug|straps?|casing|frame|tiles?|window|lamps?|box) "
        r"(?:is|are|was|were|got|has|arrived|came) ",
        r"fractured",
    ),
    (
        r"(?:after|since|(?<!suffer )(?<!suffering )(?<!suffers )from|old|post|following|past|previous|"
        r"(?<!have )(?<!has )had|history of|caused by|follows|vaccin\w* (?:against|for)|jab (?:against|for))"
        r"(?: (?:my|the|a|an|having|having had|bad|bout of|case of))* ",
        r"shingles?",
    ),
    (
        r"\b(?:patience|trust|relationship|society|party|peace|team|community|ego|faith|confidence) (?:is|was|feels) ",
        r"fractured",
    ),
    (r"(?:to|water|kettle|eggs?) ", r"boils?"),
    (r"(?:laughing|laughed|had us|had me|were|was|us|me) in ", r"stitches"),
    (
        r"(?:emotional|psychological|mental|reopen\w*(?: the| an)? old|old family|"
        r"lick\w*(?: my| his| her)?) ",
        r".*wounds?",
    ),
]
# Kind 2, figures of speech: a condition said of a loss, a doing, a society.
_ABSTRACT = (
    r"(?:loss|death|divorce|betrayal|break ?up|separation|grief|memory|memories|"
    r"childhood|war|past|history|scandal|"
    r"redundancy|layoff|failure|defeat|corruption|racism|greed|hatred|goodbye|"
    r"rejection|words|affair|debt|bureaucracy)"
)
_FIGURE = re.compile(
    r"(?:^(?:(?:and|but|for me|honestly) )?(?!having|using|wearing|bleeding)\w+ing\b.*|"
    rf" {_ABSTRACT}\b.*) "
    r"(?:is|are|was|were|remains|remain|left|leaves|feels|felt|become|became|been)(?: me| us)?"
    r"(?: (?:still|like|such|just|really|very|a|an|the|one|big|real|another|always))* $"
)
_FIGURATIVE = word_set("open_wound deep_wound infected_wound tumor infection fracture")
# Kind 3, what the light might cause or keep away, which nobody has: 'does it cause cancer'.
_FEARED = re.compile(
    r" (?:(?:cause|causes|causing|prevent|prevents|preventing|lead to|leads to|"
    r"give me|gives you|give you|give people|"
    r"risk of|protect (?:me |you )?(?:from|against)|chances? of(?: getting)?)) (?!.*\b(?:my|"
    r"his|her|i|have|has)\b)(?:[^ ]+ ){0,2}$"
)
_IN_THE_FAMILY = re.compile(r"^(?:both |all )?(?:runs?|ran|is common) in (?:my|our|the|his|her) (?:\w+ )?family\b")
_FAMILY_HISTORY = re.compile(r"\bfamily history of (?:\w+ (?:and|or) )?$")
_ZODIAC = re.compile(
    r"\b(?:zodiac|horoscope|astrolog\w*|star ?sign|sun sign|(?:leo|virgo|gemini|"
    r"taurus|capricorn|sagittarius|pisces))\b"
)


def is_lookalike(hit: Hit, tokens: list[Token]) -> bool:
    """Whether a hit stands for no condition of anybody."""
    sentence = tokens[hit.first].sentence
    phrase = " ".join(t.text for t in tokens[hit.first : hit.last])
    spelt = (phrase, " ".join(hit.words))
    before = "".join(t.text + " " for t in tokens[max(0, hit.first - 30) : hit.first] if t.sentence == sentence)
    after = " ".join(t.text for t in tokens[hit.last : hit.last + 30] if t.sentence == sentence)
    if any(any(re.fullmatch(words, p) for p in spelt) and re.match(follows, after) for words, follows in _COMPOUNDS):
        return True
    if any(
        any(re.fullmatch(words, p) for p in spelt) and re.search(rf"\b{lead}$", before) for lead, words in _PRECEDED
    ):
        return True
    if hit.condition in _FIGURATIVE and (_FIGURE.search(before) or _FIGURE.search(" " + before)):
        return True
    runs_in_family = _IN_THE_FAMILY.match(after) and not re.search(r"\b(?:i|me) (?:have|am|do|too|also)\b", after)
    if runs_in_family or _FAMILY_HISTORY.search(before):
        return True
    if phrase == "cancer" and re.search(r"\bam a $", before) and re.match(r"[,.]|$", after):
        return True
    if hit.condition == "tumor" and phrase == "cancer" and _ZODIAC.search(before + after):
        return True
    return bool(_FEARED.search(" " + before))
