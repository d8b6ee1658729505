"""Conditions that are only supposed: by others, in fear, or for the case that they come; and what is so instead."""

import re

# What others take somebody for, and what it is: 'people ask whether I'm pregnant, it's only the cake'.
_OTHERS = (
    r"(?:people|everyone|everybody|strangers|somebody|someone|some|folk|folks|colleagues|friends|others|they all|"
    r"neighbou?rs|(?:folks?|lot|girls|lads|all) at \w+|my (?:mothers?|mum|mom|sister|aunt\w*|gran\w*|neighbou?r|"
    r"boss|son|daughter|"
    r"husband|wife|friends?|mates?|family|colleagues?|mother in law|hairdresser)|they|coworkers|customers|kids|"
    r"relatives|family|half the \w+|the whole \w+|women|men|girls|lads|mates)"
)
_TAKEN_FOR = re.compile(
    rf" {_OTHERS} (?:(?:keep|keeps|kept|always|often|all|constantly|sometimes|at \w+|at the \w+|are|is|have|has|will|"
    r"would|just) )*"
    r"(?:ask\w*|think\w*|thought|assum\w+|believ\w+|say|says|saying|said|guess\w*|reckon\w*|joke\w*|joking|suspect\w*|"
    r"tell\w*|take|takes|congratulat\w+|wonder\w*)(?: me| us| her)?(?: (?:if|whether|that|for|on|when|about))?"
    r"(?: [^ .?!]+){0,3} $"
)
_BUT_IS = re.compile(
    r"^(?!.*(?:(?<!people )(?<!no )and i (?:am|do|have)(?! not)|yes|positive|maybe|perhaps|not sure|late|missed|"
    r"test ))[^?]*? "
    r"(?:(?:i|she|he) (?:am|is) (?:really |just |simply |definitely |certainly )*(?:not(?! sure)|just|only|fat|bloated|"
    r"chubby|overweight|big|a man|\d\d)|"
    r"(?:it|that|this) (?:is|was) (?:(?:really|just|only|simply|all|nothing but) )*(?:(?:just|only|not)|(?:my|the|"
    r"a)(?! (?:\w+ )?(?:first|second|third|fourth|baby|boy|girl))|(?:"
    r"beer|fat|bloating|cake|belly) )|(?:just|only) (?:my|the|a|an|fat|bloat\w*|cake|beer|big|weight)|not true|"
    r"nope?(?= [,.!])|(?:i|she) (?:am|is) (?:[5-9]\d|a (?:man|bloke|guy|grandmother))|they are (?:wrong|mistaken)|"
    r"no (?:i|she) (?:am|is) not|which i (?:am|do|have) not)(?= |$)?"
)
# What was only feared, and then looked into: 'might be a fracture but the scan was fine', 'only a sprain in the end'.
_FEARED = re.compile(
    r" (?:fear(?:ed|s)?|thought|assumed|suspected|believed|worried|convinced|afraid|sure|looked like|seemed|"
    r"expected|sent me|guessed) (?:(?!(?:but|and|X|[,.;?!]) )[^ ]+ ){0,7}$"
)
CLEARED = re.compile(
    r"^(?: [^ .?!]+){0,4}? (?:(?:but|and|,|though|\.|-) )+(?:(?:it|that|then|later|luckily|in the end|actually) )*"
    r"(?:(?:it|that|this) )?(?:was|turned out|turns out)(?: (?:it|that|was|is|to be|really|in fact|all))*"
    r" (?:only|just|nothing but|a false alarm|nothing)(?! (?:started|beginning|diagnosed|confirmed|X))\b|"
    r"^(?: [^ .?!]+){0,4}? (?:(?:but|and|,|though|\.|-) )+(?:(?:the|my|his|her|all|a|luckily) )*(?:x ?rays?|scans?|"
    r"tests?|"
    r"bloods?(?: (?:tests?|work|values?))?|markers|samples?|cultures?|smears?|mammograms?|check ?ups?|"
    r"biops(?:y|ies)|"
    r"results?|mri|ct|ultrasound|swab) (?:(?:was|were|is|are|has|have|came|come|back|showed|shows|said|says|turned|"
    r"out|it|all|"
    r"been) )*(?:fine|clear|clean|negative|normal|benign|ok|okay|nothing|no)\b(?! idea| sooner)"
)
# A case that is only thought of, and what would be done then: 'should I ever get one, I'd stop'.
_HAD_I = re.compile(
    r" (?:if|should|were|had|in case|unless|once|suppose|supposing|the day|when) (?:(?:one|some) day )?(?:i|he|she|"
    r"we|they|(?:my|our|the|a) \w+|(?:some|any) ?(?:one|body)|(?:one|either|any) of (?:us|them)|there)"
    r"(?: (?:here|(?:in|at|of|around|under) (?:(?:my|our|this|the|his|her) )?\w+))?"
    r"(?: (?:ever|would|'s|'d|'ve|been|wears|worn|carried|living|anybody|anyone|one day|some ?day|were|was|am|is|had|"
    r"have|has|has to|had to|to|do|did|get|gets|got|become|"
    r"becomes|became|"
    r"becoming|be|need|needed|needs|develop|developed|wear|wore|fall|fell|caught|catch|suffer|suffered|from|with|"
    r"really|an?|"
    r"any|again|another|being|old|older|and|given|fitted|fit|put|in))* $"
)
_I_WOULD = re.compile(
    r" (?:i|we|he|she) (?:would|will) (?:(?:of course|obviously|naturally|certainly|surely|be|have|immediately|at "
    r"once|first|"
    r"always|then|definitely) )*(?:not|never|stop\w*|quit|leave|left|sell|sold|give|ask\w*|see|tell|told|keep|stay|"
    r"know|"
    r"careful|bin|throw|return|put|worry|understand|avoid|say|said|mention\w*|check|pack|drop)(?= |$)"
)
_AS_IT_IS = re.compile(
    r" (?:right now|as (?:things|it|they|matters) (?:stands?|is|are)|at present|for now|at the moment|today|as of "
    r"now|now|"
    r"currently|but|i (?:do|am|have) not|luckily|i am (?:fine|fit|healthy|well|\w+ man|a))(?= |$)"
)


_NOT_AS_IT_IS = re.compile(
    r"^ (?:[,.;-] )?(?:but|and|luckily|though|however|so far|,|which)? ?(?:(?:i|she|he|we) (?:do|does|am|is|have|"
    r"has|are) not"
    r"(?! sure)|(?:i|he) (?:am|is) (?:a|an) (?:\w+ )?(?:man|bloke|guy|male|pensioner)|not the case|it is not so)(?= |$)"
)


# The case is contrary to fact, and the fact is told: 'but I am not', 'but nobody does', 'we are two pensioners'.
_WOULD = re.compile(r" (?:would|could|might)(?= |$)")
_DOES = r"(?:am|is|are|was|were|do|does|did|have|has|had)"
_ONES = r"(?:i|we|he|she|they|it|there)"
_IN_FACT = re.compile(
    rf" (?:{_ONES} {_DOES} not(?: (?:(?:have|got|wear|had|been|any|one|it|that|them|anyone|anybody|nobody)(?= |$)))*|"
    rf"(?:nobody|no one|none|neither)(?: (?:here|else|of|us|in|at|the|our|house|home|family|them))* {_DOES})"
    rf"(?= (?:[.,:;!?)]|so|and|luckily|thankfully|either|anyway|any ?more|her|his|my)|$| $)"
)
_PAST_IT = re.compile(
    r" (?:i am|we are|he is|she is|they are)(?: (?:all|both|just|only|now|already|over|nearly|two|three|a|an|past|too|"
    r"couple|of|old|single|retired|elderly|male|married|gay))* (?:[5-9]\d|fifty|sixty|seventy|eighty|ninety|"
    r"pensioners?|old|men|man|blokes?|guys?|lads?|grandparents|grand(?:father|mother|ma|pa|ad|dad)|retired|brothers|"
    r"retirees|oaps?|widowers?|elderly|past (?:it|that|all that))(?= |$)"
)
_SO_IT_IS = re.compile(
    r" (?:but|and|which|because|as|since|in fact|actually) (?:i|we|he|she|they|(?:my|our) \w+)(?: really)? "
    r"(?:am|is|are|do|does|have|has|was)(?= [.,!?;]|$| $)"
)


def _against_fact(before: str, after: str, phrase: str) -> bool:
    """Whether a condition stands in a conditional clause that the rest says is not so: 'had I been, but I'm not'."""
    had = _HAD_I.search(before)
    if had is None or not _WOULD.search(f"{before[: had.start()]} {after}") or _SO_IT_IS.search(after):
        return False
    never = phrase.startswith(("pregn", "expect")) and not _ASKS.search(after) and _PAST_IT.search(after)
    return bool(_IN_FACT.search(after) or never)


_ASKS = re.compile(r" (?:can|could|may|should) (?:i|she|we|they) [^?]*[?]")


def hypothetical(before: str, after: str) -> bool:
    """Whether a condition is only thought of: what somebody would do then, and not whether it may be used then."""
    had = _HAD_I.search(before)
    if had and _I_WOULD.search(before[: had.start()] + " "):
        return bool(_NOT_AS_IT_IS.search(after))
    would = _I_WOULD.search(after)
    if not would or not had:
        return False
    between = after[: would.start()]
    only_ever = re.search(r" (?:ever|one day|some ?day|were|had|got|needed|were to|become) ", f"{had[0]}{between} ")
    return not re.search(r"[?X]| (?:can|could|may|is it) ", between) and bool(only_ever or _AS_IT_IS.search(after))


# Who reports a question of others and the answer: 'they asked if I had one, I said no'.
_ASKED_ME = re.compile(r" ask(?:ed|s|ing)?(?: me| us| her| him)? (?:(?:if|whether|about|for) )(?:[^ .?!,]+ ){0,5}$")
_SAID_NO = re.compile(
    r"^(?: (?:[,;-]|and|but|so|well|of course|which|luckily))* (?:(?:i|we|she|he) (?:said|say|answered|replied|"
    r"told (?:him|her|"
    r"them|it)|shook my head) (?:no|nope|not?)|(?:i|we|she|he) (?:have|has|do|does|am|is) not(?: (?:have |got "
    r")?(?:one|any|it))?)"
    r"(?= [.,!;]|$| $)"
)
# Who cannot be: a man, a woman past it or without a womb.
_CAN_NOT_BE = re.compile(
    r" (?:(?:can|could) (?:not|hardly|never|scarcely)|no way|impossible|hardly|chances? of|there is no|not "
    r"possible|unlikely)"
    r" (?:(?:that|for|me|i|she|my|wife|to|be|am|is|being|could|can|get|possibly|way|chance) )*$"
)
_BECAUSE = re.compile(
    r" (?:(?:am|as|being|is) (?:a|an) (?:\w+ )?(?:man|bloke|guy|male|gent\w*|grandfather|grandad|granddad)|"
    r"hysterectomy|"
    r"menopaus\w+|postmenopausal|(?:am|at|age|aged) (?:5[5-9]|[6-9]\d)|womb|sterili[sz]ed|change of life|(?:5[5-9]|"
    r"[6-9]\d) "
    r"(?:now|years))(?= |$)"
)


def not_so(before: str, after: str, phrase: str = "") -> bool:
    """Whether a condition was only supposed, by others or for the case that it came, and the rest says what is so."""
    if _TAKEN_FOR.search(before) and _BUT_IS.match(after):
        return True
    if _ASKED_ME.search(before) and _SAID_NO.match(after):
        return True
    if phrase.startswith(("pregn", "expect")) and _CAN_NOT_BE.search(before) and _BECAUSE.search(before + after + " "):
        return True
    if _FEARED.search(before) and CLEARED.match(after):
        return True
    return hypothetical(before, after) or _against_fact(before, after, phrase)
