"""Whether what is said of a condition without its name is said to be not so, or over.

That a body does not do what a healthy one does ('it won't close') is no denial; most other negations are.
"""

import re

from bot.corpus.conditions import KNOWN_CONDITIONS

# Not over because it was years ago: what stays in or with a body.
_LASTING = frozenset(("electronic_device", "photosensitivity", "tumor"))
_PASSING = KNOWN_CONDITIONS.keys() - _LASTING

_ADVERBS = (
    r"(?:(?:really|quite|yet|fully|completely|properly|been|be|being|even|still|just|want(?:ing)? to|going to|able to|"
    r"get(?:ting)?|ever|so|that|very|all|at all|to|any) )*"
)
# What a healthy body does or bears.
_HEALTHY = (
    r"(?:heal\w*|clos\w+|shut\w*|stop\w*|stay\w*|hold\w*|meet\w*|knit\w*|join\w*|grow\w* (?:together|shut|over)|grown|"
    r"dry\w*|settl\w+|calm\w*|clear\w*|go(?:ing)? (?:away|down|out|near)|gone|better|improv\w*|touch\w*|bear|stand|"
    r"tak\w+|tolerat\w+|support\w*|stick\w*|last\w*|like\w*|right|good|well|normal|solid|mended?|know\w*|sure|certain|"
    r"only|just|much|many|long|allowed|supposed|meant|together|due|work\w*|respond\w*|help\w*|breath\w*|sleep\w*|"
    r"walk\w*|swallow\w*|mind|straight|nice\w*|pretty|funny|in the sun|able|possible|old|enough|strong\w*|beat\w*|"
    r"hear\w*|see\w*)"
)
_MISSED = (
    r"(?:scabs?|crust|skin|weight|walking|sun\w*|light|daylight|periods?|mri|magnets?|hair|improvement|change|healing|"
    r"end|use|sleep|idea|doubt|wonder|way|time|cure|chance|longer|rest|feeling|relief|joke|fun|matter|contact sports)"
)
_FINE = r"(?:clear|fine|normal|clean|ok|okay|good|perfect|negative|nothing|in order)"
_DENIED = re.compile(
    rf" (?:do|does|did|am|is|are|was|were|has|have|had) not (?!{_ADVERBS}{_HEALTHY} )| never (?!{_ADVERBS}{_HEALTHY} )"
    rf"| (?:no|without)(?: any| a| the)? (?!{_ADVERBS}{_MISSED} |one )"
    r"| (?:nothing|none)(?! (?:helps?|works?|stops?|makes|will|calms|touches|but|more than)\b) "
    r"| (?:nobody|no one|neither|nor|ruled out|false alarm|misdiagnos\w+|harmless|benign|all clear|pretend\w*) "
    r"| (?:only|just) (?:a )?(?:bruis\w+|scratch\w*|superficial|the surface|touched) "
    r"| (?:scan|x ray|xray|tests?|results?|sample|biopsy|smear|mammogram|checks?|check up|blood|picture|temperature|"
    r"values?|markers|doctor says)(?: \w+){0,3}? (?:is|was|are|were|came back|looks?|shows?|says?)"
    rf"(?: all| quite| completely| perfectly)? {_FINE} | (?:tested|test|tests|came back|was|is) negative "
)
_OVER = re.compile(
    r" (?:healed|mended|cured|recovered|resolved|vanished|disappeared|faded|went away|passed|dried (?:up|out)|"
    r"cleared(?: up)?|calmed down|closed (?:up|over)(?! (?:with|by|nearly|almost|mostly|partly|half\w*|on one|on "
    r"the) )|"
    r"(?:came|come) to an end|(?:run|ran) its course|ended(?= (?:well|ago|last|in|a|\d+|two|three|long|years|months|"
    r"weeks|"
    r"happily|with a|[.,!;]) )|grew together|grown together|(?:has|have|is|are)(?: long| fully| now| already| all)* "
    r"(?:grown (?:shut|over)|closed|over|solid|clear)|went down|gone down|behind (?:me|us)|got rid of|got over|"
    r"no longer|any ?more|used to|formerly|once had|back to normal|over and done|"
    r"long (?:closed|gone|over|forgotten|since|past|ago|healed|mended)|never again|not since|discharged|"
    r"(?:since then|ever since)(?: \w+){0,3} (?:fine|healthy|clear|well|nothing)|(?:cancer|symptom|pain|germ) free|"
    r"(?:is|are|has|have|'s)(?: all| completely| fully| now| long| already| since)* gone"
    r"(?= (?:now|since|completely|away|for|after|[.,!;]) | $)|"
    r"(?:stopped|finished)(?: \w+){0,3} (?:ago|last|weeks?|months?|years?)|"
    r"(?:cast|plaster|stitches|threads?|clips|staples|crutches|brace|boot|splint|bandage|sling)(?: \w+){0,2}? "
    r"(?:came|come|are|is|was|were|been|went)(?: \w+)? (?:off|out|back|removed|gone))(?= )"
)
_LONG_AGO = re.compile(
    r" (?:years?|yrs|decades?|ages) (?:ago|back|before) |"
    r" (?:as|when i was) (?:a )?(?:child|kid|boy|girl|teenager|baby|young|small|little|student) |"
    r" in (?:my (?:youth|childhood|twenties|thirties)|school|childhood|19\d\d|20[01]\d) | of the past | long ago |"
    r"(?<! since)(?<! for) last (?:year|winter|summer|spring|autumn|christmas|season) "
)
_TAKEN_OUT = re.compile(
    r" (?:took|taken|take|removed|cut|came|come|had|have|has|whipped|got)(?: \w+){0,4}? out | (?:removed|explanted) |"
    r" (?:took|taken) (?:it|them|that) (?:out|off|away) | came off "
)
_BORN = re.compile(
    r" (?:born|gave birth|given birth|delivered|had the baby|came into the world|arrived|is here|miscarr\w+|"
    r"lost the baby) "
)
_PLANNED = re.compile(r" (?:has to|have to|must|will|wants?|going to|needs?|should|to be|next|tomorrow|soon|planned) ")
_STILL = re.compile(r" (?:since|still|again|for years|always) ")
# It is back, or not over yet.
_NOT_OVER = re.compile(
    r" (?:yet|again|back (?:and|now|with|worse)|(?:is|are|came|come) back|until|till|before|unless|when|yes or no) "
    r"| can not (?!(?:even )?(?:see|tell|find|spot|notice|feel) )(?:\w+ ){0,5}any ?more | not (?:\w+ )?(?:healed|"
    r"mended|grown|closed|cured|recovered|gone|cleared) "
)


def denied(words: str) -> bool:
    """Whether a segment, ' word word ', denies what it speaks of."""
    return bool(_DENIED.search(words)) and not _NOT_OVER.search(words)


def over(words: str, condition: str) -> bool:
    """Whether a segment, ' word word ', says that a condition is past."""
    if _NOT_OVER.search(words):
        return False
    if _OVER.search(words):
        return True
    if condition in _PASSING and _LONG_AGO.search(words) and not _STILL.search(words):
        return True
    if condition == "pregnancy" and _BORN.search(words):
        return True
    out = condition in ("electronic_device", "tumor") and _TAKEN_OUT.search(words)
    return bool(out) and not _PLANNED.search(words)
