"""Whether a condition is over: by words that say so, or because it was longer ago than such a one lasts."""

import re
from datetime import UTC, datetime

from bot.understanding.conditions.turns import NOT_BACK

# Years after which a condition is over, unless a message says that it is not. A pacemaker, lupus or a tumour is never.
LASTS = {
    **{"pregnancy": 1.0, "fracture": 1.0, "open_wound": 1.0, "deep_wound": 1.0, "infected_wound": 1.0},
    **{"infection": 0.5, "acute_skin_infection": 0.5, "acute_inflammation": 1.0, "acute_eczema": 2.0},
}

# How long ago: a number or none, a unit of time; a year; an age or a time of life.
_NUMBERS = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10},
    **{
        "eleven": 11,
        "twelve": 12,
        "a": 1,
        "an": 1,
        "couple": 2,
        "few": 3,
        "several": 3,
        "some": 3,
        "many": 10,
        "dozen": 12,
    },
    **{"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19},
    **{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70},
}
_UNITS = {
    **{"day": 1 / 365, "week": 1 / 52, "month": 1 / 12, "season": 0.5, "winter": 0.5, "summer": 0.5, "spring": 0.5},
    **{"autumn": 0.5, "christmas": 0.5, "fall": 0.5, "year": 1.0, "decade": 10.0},
}
_SEASON = r"(?:winter|summer|spring|autumn|fall|year|christmas|season)"
_NUMBER = rf"(?:\d+|{'|'.join(_NUMBERS)})"
_COUNTED = (
    rf"(?:(?:about|over|almost|nearly|around|roughly|good|more than|some|well|of|all of|odd|full|at least|or so|the)"
    rf" )*(?:(?P<n{{0}}>{_NUMBER})(?: (?:odd|good|of|full|whole|long|or (?:\d+|\w+)))* )?"
    rf"(?P<u{{0}}>{'|'.join(_UNITS)})s?(?: or (?:so|more|thereabouts))?"
)
_SCHOOL = r"(?:school|college|uni|university|nursery|kindergarten)"
_YOUTH = (
    r"(?:as (?:an? |a little |a small |a young )?(?:kid|child|teenager|teen|girl|boy|lad|lass|student|youngster|"
    r"schoolboy|schoolgirl|toddler|baby|youth|young (?:man|woman|girl|boy))|"
    r"(?:back )?(?:in|at) (?:(?:my|his|her|our) )?(?:youth|childhood|student days|school days|(?:early |late |mid )?"
    r"(?:teens|twenties|thirties))|"
    rf"(?P<school>(?:back )?(?:in|at) (?:(?:my|his|her|our|primary|high|secondary|elementary) )*{_SCHOOL})|"
    r"(?:when|while) (?:i|he|she|we|they) (?:was|were)(?: (?:just|only|about|around|still))? (?:an? )?"
    r"(?:(?:very|really|little|small) )?(?:little|small|young|kid|child|lad|lass|boy|girl|baby|teen\w*|toddler|student|"
    r"schoolboy|schoolgirl|at school|in school|in my \w+)|"
    r"during (?:my|his|her|the) (?:student|school|childhood|youth|college|university|army|teenage)(?: (?:years|days|"
    r"time))?|back in the day|(?:a )?long(?: time|  while)? ago|ages (?:ago|back)|yonks ago|way back|donkey 's "
    r"years ago)"
)
# A decade is no age: 'in the eighties'.
_DECADE = (
    r"(?:in|during|from|to) (?:the )?(?:(?:early|late|mid) )?(?:[3-9]0 ?s?|(?:19\d|20[01])0 ?s|fifties|sixties|"
    r"seventies|"
    r"eighties|nineties|noughties)"
)
_AGE = (
    r"(?:when (?:i|he|she|we) (?:was|were)(?: (?:just|only|about|around|still|nearly))?|aged?|at age|at the age of|at)"
    rf" (?P<age>{_NUMBER})(?: years old)?(?= (?:[.,;!?)]|and|but|so|i|she|he|we|my)|$| $)"
)
_TIMES = (
    rf"(?:{_COUNTED.format(1)} (?:ago|back|earlier|past)\b|before {_COUNTED.format(2)}\b|(?P<youth>{_YOUTH})\b|"
    rf"{_DECADE}\b|"
    rf"(?P<last>(?:last|the other|over the|in the|this past) {_SEASON}|the {_SEASON} before last)\b|{_AGE}|"
    r"(?:(?:back )?in |from |of |way back in |around |about |circa )?(?:may |june |july |the )?"
    r"(?P<date>(?:19|20)\d\d)(?= |$)|in (?P<short>[4-9]\d)(?= (?:[.,;]|and|i|my|when|she|he)|$| $))"
)
# Words of another clause, over which a time does not reach.
_BREAK = (
    r"(?:and|but|so|because|then|while|now|today|still|yesterday|am|X|[.?!;]|since|for|from|until|till|diagnosed|"
    r"started|starting|began|(?:is|are) from|(?:i|we|she|he) (?:have|has)(?! (?:had|got|been|broken|fractured|"
    r"caught|suffered)))"
)
_SAID = (
    r"(?:(?:that|it|this|which) (?:was|is|happened) |(?:the )?last (?:time|one|was) |back |way |maybe |about |around )*"
)
_AFTER = re.compile(rf"^(?:(?! {_BREAK} ) [^ ,]+){{0,8}}?(?: [,(:-])? {_SAID}{_TIMES}")
_AFTER_COMMA = re.compile(
    rf"^[^,]* , {_SAID}(?:{_COUNTED.format(5)}|last \w+|in \d+|(?:as|at) \w+ \w+)"
    r"(?: ago| back)? (?:i|we|she|he|my|the|they) "
)
_ANSWERED = re.compile(
    rf"^ [?] (?:(?:only|just|last|had it|that|it|was|were|back|once|yes|,|all|the|one|time|ended|ship|has|sailed|"
    rf"finished|over|those|days|are) )*{_TIMES}(?= |$)"
)
_BEFORE = re.compile(
    rf"(?:^| (?:[,;:(-]|and|but|so|because|well|hi|hello)) {_TIMES}(?: ,)?(?:(?! (?:{_BREAK}|bought|use|using) )"
    r" [^ ,]+){0,6} $"
)
_SINCE = re.compile(
    rf" {_COUNTED.format(3)} (?:(?:have|has|passed|gone|by|ago|now|it|is|been) )*since (?:(?!(?:and|but|so|X|"
    rf"[,.?!;]) )[^ ]+ )"
    r"{0,6}$"
)
_AGE_NOW = re.compile(
    rf" (?:i am|he is|she is|am|now) (?:now |already |only )?(?P<now>{_NUMBER})(?: (?:one|two|three|four|five|six|"
    rf"seven|eight|nine))?"
    rf"(?= (?:now|[.,!;]|and|years?|yo|so|but|lol|today|already)|$| $)| (?P<old>\d\d) years? old"
)
_GROWN_UP = 19
_MAY_BE_YOUNG = 30  # who says 'when I was 30' is some years older; 'when I was 82' may be last year
# It goes on: what was years ago is no end of it.
_GOES_ON = re.compile(
    r" (?:again|diagnosed|start(?:s|ed|ing)?|began|begun|always|ongoing|currently|unhealed|flar\w+|chronic|incurable|"
    r"yesterday|this (?:week|morning|month)|last (?:week|night|month)|"
    r"persist\w*|remains?|came back|comes back|coming back|recur\w*|reopened|on and off|off and on|even today|"
    r"these days|nowadays|(?:too|as well)(?= [.,!?;]| ?$)|"
    r"(?<!ever )(?<!years )(?<!ages )since(?! (?:then|that|\w+ (?:has|have|been|fine|nothing|never|none)|it|thirty))|"
    r"still(?! (?:stiff|sore|ach\w+|tight|a bit|a little|a scar|weak|feel\w*|tender|get (?:the )?|got the|have the|"
    r"the (?:nerve|pain)|hurt\w*|pain\w*))|"
    r"never(?! (?:again|came back|come back|returned|recurred|had|been|since|troubled|bothered|seen|a|any|needed))|"
    r"(?:is|has|have|did|does|was|are) not(?: \w+)? (?:heal\w*|clos\w+|gone|join\w*|mend\w*|knit\w*|set|better|over|"
    r"cleared|go away|away)|(?:wo|will) not (?:heal|close|go|clear|knit)|"
    r"now (?:i have|i got|i am having|(?:[^ .?!,]+ ){0,4}?(?:open|inflamed|infected|worse|bad|bleed\w*|oozing|weeping|"
    r"broken|another|too|also|there|back)))(?= |$)"
)


# Who is at school still, and what has happened since: 'my boy caught it at school', 'I have caught it at school'.
_PUPIL = re.compile(
    r" (?:son|daughter|boy|girl|child|kids?|children|grand\w+|nephew|niece|toddler|little one|teen\w*|lad|baby|he|she|"
    r"pupils?|student|teacher|teach|work|yesterday|today|have|has)(?= )"
)


def years_ago(before: str, here: str, after: str, aged: bool = True) -> float:
    """How many years ago something was, as far as its message tells; 0 if it does not.

    Args:
        before, here: the text before and after its words in their sentence.
        after: the text after them, to the end of the message.
        aged: whether it counts that somebody was young then: 'pregnant at 19' may be told of today.
    """
    if _AFTER_COMMA.match(here):
        here = ""  # said of what comes next: 'I have shingles, last year I had flu'
    for rule, text in ((_AFTER, here), (_ANSWERED, after), (_SINCE, before), (_BEFORE, before)):
        match = rule.search(text)
        if match and _at_school_still(match.groupdict().get("school"), before, before + after):
            continue
        if match and (aged or not (match.groupdict().get("age") or match.groupdict().get("youth"))):
            return _years({key: said for key, said in match.groupdict().items() if said}, before + after)
    return 0.0


def _at_school_still(school: str | None, before: str, message: str) -> bool:
    """Whether a school is where somebody goes to now, and not a time of life."""
    if not school or school.startswith("back") or not _PUPIL.search(before):
        return False
    now = _AGE_NOW.search(message)
    return now is None or _number(now["now"] or now["old"]) < _GROWN_UP


def _years(told: dict[str, str], message: str) -> float:
    unit = next((said for key, said in told.items() if key[0] == "u"), None)
    if unit:
        number = next((said for key, said in told.items() if key[0] == "n"), None)
        return (_number(number) if number else 2) * _UNITS[unit]
    if "last" in told:
        return 0.5
    if "age" in told:
        age, now = _number(told["age"]), _AGE_NOW.search(message)
        if now:
            return _number(now["now"] or now["old"]) - age - 1
        return 2.0 if age <= _MAY_BE_YOUNG else 0.0
    if "date" in told or "short" in told:
        year = int(told.get("date") or "19" + told["short"])
        return max(datetime.now(UTC).year - year - 0.5, 0.0)
    return 10.0


def _number(said: str) -> int:
    return _NUMBERS[said] if said in _NUMBERS else int(said.replace(" ", "")[:4])


_HAD = re.compile(r" (?:i|he|she|we|they|\w+) (?:just |only |only just )?had(?: (?:a|the|bout|case|bad|nasty|of))* $")
_LATELY = re.compile(
    r"^(?: (?!(?:and|but|since|after|pain|nerve|neuralgia) )[^ .,?!;]+){0,3}? (?:last (?:week|month|\w+day|night)|"
    r"yesterday|recently|lately|this (?:week|month)|(?:a|one|two|three|four|five|six|[1-6]|a few|few|\d\d?) "
    r"(?:days?|weeks?) ago|a month ago|(?:on|since) \w+day)(?= |$)"
)


def lately(before: str, here: str) -> bool:
    """Whether somebody had a condition so lately that it may be there still: 'I had shingles last week'."""
    return bool(_HAD.search(before) and _LATELY.match(here))


def outlasted(condition: str, before: str, phrase: str, here: str, after: str) -> bool:
    """Whether a condition is said of a time so long ago that it is over, and nothing says that it goes on."""
    lasts = LASTS.get(condition)
    if (
        lasts is None
        or _NEGATED.search(before)
        or _GOES_ON.search(_WELL_AGAIN.sub("", NOT_BACK.sub("", f"{_SINCE.sub(' ', before)}X{here} ")))
    ):
        return False
    return years_ago(before, here, after + " ", condition != "pregnancy") >= lasts


_WELL_AGAIN = re.compile(
    r" (?:he|she|i|we|they|it) (?:(?:can|could|is|am|was|has|been|even) )*(?:hik\w+|walk\w*|r[ua]n\w*|play\w*|"
    r"work\w*|cycl\w+|"
    r"swim\w*|sing\w*|danc\w+|driv\w+|rid\w+|train\w*|fine|fit|well|ok|okay|up|healthy|strong)(?: \w+){0,3} "
    r"again(?= |$)|"
    r" (?:these days|nowadays|even today)(?: (?:it|all|there|what|i|,|is|'s|have|get|got|am|left|my))* (?:just|only|"
    r"stiff\w*|"
    r"sore\w*|ach\w*|pain\w*|creak\w*|tight\w*)(?= |$)|"
    r" (?:pains?|aches?|stiffness|soreness|numbness|tingling|scars?|weakness|limp) (?:(?:has|have|is|are|that|which) )*"
    r"(?:never|still|not|always|remains?|persists?|again|since)(?: (?!it )\w+)?(?= |$)"
)
_NEGATED = re.compile(r" (?:not|no|never|nor|neither|without) ")
# What may stand between a condition and the word that it is over: who and when, never 'not' or 'nearly'.
_PLACE = (
    r"(?: (?:from|in|on|of|at|under|behind|near|i had|he had|she had|that i had|i got)"
    r"(?: (?!(?:but|and|not|never|nearly|almost|hardly|barely|partly|half|mostly|only) )[^ .?!;,X]+){1,4}?)?"
)
_FILLS = (
    r"(?: (?:has|have|is|are|was|were|been|got|all|now|completely|fully|finally|long|since|already|totally|it|and|"
    r",|which|"
    r"that|nicely|well|properly|'s|up|luckily|thankfully|had|just|then|surgically|did|quite|she|he|they|i|am|"
    r"doctors?|says?|said|treated|treatment|antibiotics|drained|well and truly|well|truly|but|after|dry|by|in|on|"
    r"over|the|ever|back|by "
    r"itself|on its own|"
    rf"half a year ago|nearly 100 percent|with|{_NUMBER}|(?:days?|weeks?|months?|years?|ages|{_SEASON})(?: ago| back)?|"
    r"last|january|february|march|april|may|june|july|august|september|october|november|december|easter))*"
)
_WORD_END = r"(?= |$)"
_ENDED = (
    r"(?:healed|closed(?: up| over)?(?! (?:up |over )?(?:with|by) )|shut|cleared(?: up)?|scabbed over|dried (?:up|"
    r"out)|(?:and "
    r")?fell off|"
    r"gone(?= (?:away|now|completely|since|after|within|for(?! now)|[.,:!?;)]|and|so|by|can|but|last|i|ages|long|"
    r"years|months|weeks)"
    rf"{_WORD_END}|$)|went away|vanished|faded|subsided|"
    rf"(?<=was )over(?= in )|over(?= (?:now|[.,:!;)]|and|so|but|by|it|with|since|for good|last|{_NUMBER}){_WORD_END}|"
    rf"$)|disappeared|"
    # 'The pregnancy ended well', and not 'ended up being hard'; 'the infection passed', and not 'passed to my son'.
    r"ended(?! (?:up|with stitches|my|his|her|our|their|the)(?= |$))|(?:came|come) to an end|run its course|ran its "
    r"course|a thing of the past|"
    rf"(?:passed|stopped|sorted(?: out)?|sealed(?: up| over)?)(?= (?:[.,:!;)]|now|and|so|but|by|completely|on its own|"
    rf"last|long|ages|in|{_NUMBER}|years|months|weeks){_WORD_END}|$)(?! and (?:start|came|come|return))|"
    r"mended|knitted|cured|removed|"
    r"taken (?:out|off)|cut out|explanted|came off|recovered(?! from)|"
    r"finish(?:ed)?(?= (?:now|since|in|\d|an?|two|three|last|long|months?|weeks?|years?|[.,!;]|but|and)|$| $)|"
    r"(?:came|come|is|are|been) out(?! (?:next|on|tomorrow|soon|in|of) )|no more(?= [.,:!?]|$)|"
    r"no longer(?= (?:[.,:;!-]|there|active|and|since|so)|$)|resolved|behind (?:me|us|him|her)(?= (?:now|[.,:!;)]|"
    r"and|so|but|since|for)|$)|(?:ancient |past "
    r")?history|"
    r"right as rain|back to normal|shaken (?:it )?off|got (?:over|rid of) it|dealt with|in the past|"
    r"(?:just|only) (?:(?:an?|the|old|thin|pale|faint|white|little|tiny|small) )+(?:scar|line|mark))"
)
# It ended in part: 'closed up nearly completely', 'healed on one side'.
_IN_PART = (
    r"(?: up| over)? (?:nearly|almost|mostly|partly|partially|halfway|half|a bit|somewhat|on one side|(?:on|at) the "
    r"(?:outside|"
    r"surface|top|edges?|ends?|sides?)|apart from|except|bar)(?= |$)"
)
_OVER_AFTER = re.compile(
    rf"^{_PLACE}{_FILLS} {_ENDED}\b(?! green| septic| bad)(?! (?:yet|when(?! (?:i|he|she|we) was)|until|once|if|or|"
    rf"enough|soon|tomorrow)\b)(?!{_IN_PART})"
)
# 'The pregnancy? That ended in May.'
_ITS_ANSWER = re.compile(r"^ [?](?: (?:oh|well|,|no))* (?:that|it|they|those|mine)(?P<said> [^.?!]*)")
# What comes out on the skin and is all over it has only begun.
_SPREAD = re.compile(r"^[^.?!;,]*? (?:out|all over(?! and done| (?:and )?with ))(?= |$)")
_BREAKS_OUT = frozenset(("infection", "acute_skin_infection", "acute_eczema", "acute_inflammation"))
# Nothing of it for years: 'for thirty years nothing', 'not a trace of it since', 'never came back'.
_NOTHING_SINCE = re.compile(
    rf" (?:(?:nothing|none|not|never|not once|not a (?:trace|spot|sign|flare|patch)|no (?:trace|sign|flare|more))"
    rf"(?: (?:at all|ever|again|any|of it|of that|had it|seen it|had any))* "
    rf"(?:since|in|for)(?= (?:[.,!?;]|then|that|{_NUMBER}|years|decades|ages|many|over|more)|$| $)|"
    rf"(?:since|for|in) (?:then|{_COUNTED.format(4)}|decades)(?: (?:now|i|have|had|already|,))* (?:nothing|none|"
    rf"never|not "
    r"(?:once|had|any|a)|no more|free|clear)|nothing ever since|none ever since|"
    r"there (?:is|are) (?:none|nothing|no more)(?: (?:now|left|any ?more))?|none left|"
    r"(?:never|not) (?:(?:ever|has|have|had|since|once) )*(?:(?:came|come) back|returned|recurred)|never again|"
    r"that ship (?:has )?(?:long )?sailed|those days are (?:long )?(?:over|gone|behind (?:me|us)))(?= |$)"
)
_HAS = re.compile(r" (?:have|has|am|is|are)(?: (?!had |been )\w+)? $")
# Worn for a time and given back; what is in the body is none such.
_LENT = re.compile(r"\b(?:monitors?|holter|recorders?|tens|sensor|patch|ecg|ekg|cgm)\b")
_GIVEN_BACK = re.compile(
    r" (?:(?:gave|given|handed|sent|took|taken|brought|posted|passed) (?:it|that|them|the thing|everything|the \w+)"
    r" (?:back|in)|(?:gone|went|go|is|was) back to the (?:hospital|clinic|surgery)|"
    r"(?:took|taken|take) (?:it|them|that) off|returned (?:it|them|that)|(?:it|that|they) (?:is|was|were|has been|"
    r"have been) returned)(?= |$)"
)


_PERIOD = (
    r"for (?:(?:about|around|nearly|just|only|over|the|a|whole|good|full|my) )*"
    rf"(?:(?:{_NUMBER}|whole) )?(?:hours?|days?|nights?|weeks?|fortnight|weekend|months?)"
)
# Worn then and for a time: 'wore it for a week', 'had it on for 24 hours'; 'had it put in' is none such.
_WORN_THEN = re.compile(
    r"(?:^| )(?:(?<!have )(?<!has )(?:wore|had)|(?:gave|put|stuck|strapped)(?: \w+){0,3}?)(?: (?:once|to wear|on))*"
    r" (?:(?:an?|the|my|one of those|some) )*(?:\w+ )?X (?:(?!(?:put|placed|fitted|inserted|implanted|under|still|"
    r"since|"
    rf"until) )[^ .?!;]+ )*?{_PERIOD} "
    rf"|^ (?:(?:an?|the|my) )?X {_PERIOD} (?:(?:back|way|once|about|over) )*(?:in \d{{4}}|\w+ years ago) "
    r"|(?:^| )wore (?:(?:an?|the|my|one of those) )*(?:\w+ )?X "
)
_ALL_CLEAR = re.compile(
    r"^[^?]*? (?:all (?:was )?(?:clear|fine|good|normal|ok)|(?:was|were|came back|is|are) (?:all )?(?:clear|normal|"
    r"fine|ok)"
    r"|nothing (?:found|wrong|came of it|showed)|(?:found|showed) nothing|clear)(?= (?:[.,;!]|and|so|but)|$)"
)
_WEARS = re.compile(r" (?:i|he|she|we) (?:wear|wears|have|has)(?: got)?(?: an?| my| his| her)? $")


def ended(condition: str, before: str, phrase: str, here: str, after: str) -> bool:
    """Whether the words after a condition say that it is over or, of what is worn, given back."""
    answer = _ITS_ANSWER.match(after)
    if answer and _OVER_AFTER.match(answer["said"]):
        return True
    if _OVER_AFTER.match(here) and not (condition in _BREAKS_OUT and _SPREAD.match(here)):
        return True
    if condition == "electronic_device" and _LENT.search(phrase):
        if _WORN_THEN.search(f"{before}X{here} ") and not _GOES_ON.search(
            _NOTHING_SINCE.sub("", _WELL_AGAIN.sub("", NOT_BACK.sub("", f"X{here} ")))
        ):
            when = re.sub(f" {_PERIOD}(?= |$)", "", here)
            if years_ago(before, when, after + " ") or _NOTHING_SINCE.search(here) or _ALL_CLEAR.search(after):
                return True
        return bool(_GIVEN_BACK.search(after)) and not _WEARS.search(before)
    return condition in LASTS and not _HAS.search(before) and bool(_NOTHING_SINCE.search(here))
