"""The status of a condition where it is mentioned: stated, denied, past or unsure.

The words before and after a mention are matched as text, ' word word '; other mentions there are 'X'. In
doubt a condition is stated: a wrong reassurance hurts, a warning too many does not.
"""

import re

from bot.understanding.conditions.denial import ADJECTIVE, TESTED, TESTED_CLEAR, denied, limited
from bot.understanding.conditions.forms import answered
from bot.understanding.conditions.lexicon import Hit
from bot.understanding.conditions.over import LASTS, ended, outlasted
from bot.understanding.conditions.parts import PERHAPS
from bot.understanding.conditions.people import CUSTOMER
from bot.understanding.conditions.supposed import CLEARED, not_so
from bot.understanding.conditions.turns import restated
from bot.understanding.conditions.words import Token

STATED, UNSURE, PAST, DENIED = "stated", "unsure", "past", "denied"
_LASTING = frozenset(["electronic_device", "photosensitivity"])


_YOUNG = frozenset(("teenager", "teen", "child", "kid", "toddler", "baby"))
_BACK_THEN = re.compile(r" (?:as|when (?:i|he|she) was|was) (?:still )?(?:an? )?(?:young |little |small )?$")

_ACT = (
    r"(?:use|using|can|could i|should|safe|ok|okay|good|help|helps|work|works|"
    r"try|buy|for|suit|allowed|recommend|it's|how|why|what|about|(?:it|this)(?! (?:is|"
    r"was|might|could|may) )|the light|positive|have to|you|forgot|but|,)"
)
_GAP = rf"(?:(?!{_ACT} )[^ .?!;]+ ){{0,7}}$"
_UNSURE_BEFORE = re.compile(
    r" (?:might|maybe|perhaps|possibl[ey]|probabl[ey]|presumably|suspected|suspects?|"
    r"suspicion|likely|(?:could|may) (?:be|have|also|well|already)|"
    r"unsure(?: if| whether)?|(?:not|no) (?:[^ ]+ )??(?:sure|certain|know|idea|"
    r"clue|confirmed|clear|convinced|think|believe)|(?<! no )doubt|"
    r"(?:i|we|he|she|they|doctor|doctors|gp|hospital|nurse|midwife) (?:do not )?(?:think|"
    r"thinks|thought|believe|believes|guess|suspect|suspects|reckon)|"
    r"wonder(?:ing)?|waiting|awaiting|being tested|getting tested|tested for|"
    r"test for|query|"
    r"am i(?! right| correct| allowed)|could i be|could (?:it|this|that) be|may (?:it|this) be) " + _GAP
)
_KNEW_LATE = re.compile(
    r" (?:did not know|no idea) (?:that )?(?:i|she|we) was $| (?:know|knows|"
    r"idea) that "
)
_UNSURE_AFTER = re.compile(
    r"^ (?:[,(.?-] )?(?:maybe|perhaps|possibly|probably|i think|i guess|i suppose|"
    r"i am not sure(?: yet)?|not sure(?: yet)?|unsure|not certain|suspected|"
    r"is suspected|not 100(?: %)? sure|to be confirmed|is not confirmed|not confirmed)(?= "
    r"(?:[.,!?)]|yet|though)|$| $)"
)
_PENDING = re.compile(
    r"\b(?:waiting (?:for|on)|awaiting|to be confirmed|not (?:yet )?confirmed|"
    r"unconfirmed|(?:tests?|biopsy|scan|results?|x ?ray)\b[^.?!]*\b(?:tomorrow|"
    r"next|pending|soon|not back|monday|friday|this week)\b)"
)

_USED_TO = re.compile(
    r"(?P<lead>.*) (?:used to (?:have|be|wear|suffer from|get)|no longer(?: (?:need|needs|use|uses|require|"
    r"requires|have|"
    r"has|am|is|wear|wearing|suffer from|got))?|not (?:have|has) .*any ?more|"
    r"formerly|got over|recovered from|"
    r"grew out of|grown out of|outgrew|outgrown|cured of|got rid of|previous|previously|former|past|healed|cured|"
    r"lost) (?:(?:my|"
    r"the|her|his|a|an|any|that|this|from|old|last|bad|some|had|having|was|were) )*$"
)
_WAS = re.compile(
    r"^(?!.* (?:told|said|says|found|find|thought|discovered|learn\w*|know|knew|"
    r"reali[sz]e\w*|known|if|confirmed|since|suppos\w*|imagin\w*|assum\w*|pretend) ).* (?:was|were|had been) (?:\d+ "
    r"\w+ )?$"
)
_SORTED = re.compile(
    r"^ (?:[^ .?!]+ ){0,3}(?:but|and|then|,) (?:(?:the|my|his|her|some) )?\w+ (?:sorted|cleared|cured|"
    r"fixed) it(?: up| out)?(?= [.,!]|$| $)"
)
_OUT = re.compile(
    r"^ (?:all )?out(?= (?:(?:yesterday|last|now|today|since|already|a|two|three|\d+|[.,!;])(?= |$))|$| $)"
)
_TAKEN_OUT = frozenset(("electronic_device", "tumor", "undocumented_condition", "open_wound", "fracture"))
# 'I was 19 weeks pregnant when I fell' tells when it was and no end, as long as no birth is told of.
_WEEKS_THEN = re.compile(r"\b(?:weeks?|wks?|months?|trimester)\b")
_BIRTH = re.compile(
    r" (?:born|birth|deliver\w*|caesarean|cesarean|c section|section|miscarr\w+|lost|baby (?:came|arrived|is|was)|"
    r"(?:he|she|boy|girl|son|daughter|baby|twins|they) (?:is|are|turns?) (?:now )?\w+)(?= |$)"
)
# Of a trimester, a due date or a term, the end is none of the pregnancy: 'past the first trimester'.
_A_PART = re.compile(r"\b(?:trimester|due date|term|months?|weeks?|nausea|sickness)\b")
_PAST_A_PART = re.compile(r" past (?:(?:the|my|her|our) )?(?:\w+ )?$")
_AGAIN_NOT = re.compile(r" (?:never|not)(?: (?:been|got|ever|be|become))* $")
_TAKEN = re.compile(
    r"(?<! was)(?<! were)(?<! is)(?<! got)(?<! been) (?:took|removed|taken|cut) (?:(?:my|the|her|his|a|an|that|out|"
    r"off) )*$"
)
_TAKEN_OFF_FOR_NOW = re.compile(r" i (?:have )?(?:took|removed|taken) ")  # a hearing aid is still worn tomorrow
_LATER = re.compile(
    r" (?:not|never|hardly|barely|almost|nearly|mostly|partly|half|will|until|"
    r"till|when|once(?! (?:wore|had|was|were|broke|got|caught|suffered) )|if|before|after|unless|should|must|need|"
    r"needs|want|waiting|"
    r"can|could|going|getting|get|have to|soon|to)(?: [^ ]+){0,3} $"
)
# 'Ten years before I broke it', said for ten years ago, is no end to come.
_YEARS_BEFORE = re.compile(r"^ (?:\w+ )?\w+ (?:years|months) before (?=i |my |he |she |we )")
# An end that is still to come: 'when I'm no longer pregnant'.
_TO_COME = re.compile(
    r" (?:when|once|if|until|till|as soon as|by the time|after|before|unless|in case|provided|assuming|(?:will|would|"
    r"should|hope|want)) (?:(?!used |had |former|previous)[^ ,.?!;:]+ ){0,6}$"
)
_NOT_YET = re.compile(
    r" (?:when|once|until|till|as soon as|by the time|after) (?:i|we|she|he|it|they|my \w+) (?:am|is|are|have|has|do|"
    r"does) (?:not|no) (?:[^ ,.?!;:]+ ){0,3}$"
)
_ENDS = re.compile(r" (?:no longer|not|healed|cured|recovered|rid|over|lost) ")
# One of several, of which another may well be left: 'I had another fracture', 'my first pacemaker', 'one too'.
_OF_SEVERAL = re.compile(r" (?:another|other|different|first|same|second|third|2nd|3rd) (?:\w+ )?$")
_FORMER = re.compile(r" (?:previous|last|earlier|old|former|prior|original) (?:\w+ )?$")
_TOO = re.compile(
    r"^(?: [^ .?!;,]+){0,5}? (?:too|as well|also)(?= (?:[.,;!?]|but|and|it)|$| $)|^[^.?!]* (?:that|this) one "
)
# Asked in general, and then said not to be the customer's: 'is it ok with a pacemaker? I don't have one'.
_NOT_MINE = re.compile(
    r"^(?: [^ .?!]+)* \?(?: (?:but|no|and|btw|by the way|luckily|,))* (?:(?:i|we) (?:(?:do|have) not (?:have |got |"
    r"wear )?(?:one|it|any|that|them|this)|am not)|not that (?:i|we) (?:do|have|am|wear)(?: (?:one|it|any))?)"
    r"(?: (?:myself|though|btw|either|at all|personally|anyway))*(?= [.,!;]|$| $)"
)
_CLAIMED = re.compile(r" (?:my|our|mine)(?: \w+)? $| (?:i|we) (?:have|am|are|had|got|wear)\b")
# It did not come to that: 'I nearly broke my neck'.
_NEARLY = re.compile(
    r" (?:nearly|almost|narrowly) $| (?:nearly|almost|narrowly) (?:had|got|caught|became|suffered|ended up with|fell|"
    r"went and)(?: \w+)? $| (?:lucky|glad|relieved|happy) not to have (?:had |got )?(?:an? )?$"
)
_HAPPENS = re.compile(
    r"^(?:an? )?(?:brok|break|fractur|snapp|shatter|crack|smash|crush|bust|splinter|cut|slic|gash|tor)"
)
_NOT_ME = re.compile(r" (?:not|rather than|instead of) (?:me|mine|myself)\b(?! only| just)")
_KIDDING = re.compile(
    r" (?:as a joke|for a laugh|for fun)\b| (?:just|only|i am|was) (?:kidding|joking)\b| (?:kidding|joking) (?:[!.] )*$"
)
_ONLY_SUSPICIOUS = re.compile(r"^(?!.*(?:malig|cancer)).*\b(?:lumps?|mass|shadow|growth|biopsy|nodule)\b")
_YES = re.compile(r"^ (?:[:,?-] )?(?:yes|yep|yeah)\b")


def surroundings(hit: Hit, hits: list[Hit], tokens: list[Token]) -> tuple[str, str]:
    """The text of the sentence before a hit and of the message after it, other hits as X."""
    covered = {place: other for other in hits if other is not hit for place in range(other.first, other.last)}
    # Remission is a mention of its own, and still tells about the cancer next to it.
    covered = {place: other for place, other in covered.items() if "remission" not in other.words}
    # 'As a teenager' says when it was.
    covered = {place: other for place, other in covered.items() if other.words[-1] not in _YOUNG}
    words = [
        "" if i in covered and covered[i].first < i else "X" if i in covered else "there" if t.foreign else t.text
        for i, t in enumerate(tokens)
    ]
    sentence = tokens[hit.first].sentence
    before = [w for w, t in zip(words[: hit.first], tokens, strict=False) if w and t.sentence == sentence]
    after = [w for w in words[hit.last : hit.last + 40] if w]
    return " " + "".join(w + " " for w in before[-40:]), "".join(" " + w for w in after)


# Children who are none any more, and are not asked about: 'my kids are teenagers', 'the children are at university'.
_GROWN = re.compile(
    r"(?:^| )(?:(?:are|is|'s|have|has|being|all|both|now|long|already|been|since) )*(?:grown|adults?|teen\w*|students|"
    r"(?:at|in|off to) (?:uni|university|college|their (?:teens|twenties|thirties|forties))|(?:19|[2-6]\d)(?! "
    r"months?))(?= |$)"
)
_OF_THEM = re.compile(r" (?:they|them|their|he|she|him|her|kids?|child\w*|sons?|daughters?|teen\w*|too)(?= |$)")
_CHILD = re.compile(r"\b(?:kids?|child(?:ren)?|teen(?:s|ager|agers)?)$")
_KIDS_ARE = re.compile(
    r" (?:kids|children|sons|daughters|boys|girls|X|mine|all|now) (?:(?:are|all|both|now|already|X) )*$"
)


def status(hit: Hit, before: str, after: str, phrase: str, who: str = CUSTOMER) -> str:
    """The status of a hit.

    Args:
        hit: the mention.
        before, after: see `surroundings`.
        phrase: the words of the mention.
        who: its holder.

    Returns:
        'stated', 'unsure', 'past' or 'denied'.
    """
    if who != CUSTOMER:
        after = _NOT_ME.sub("", after)  # 'she is, not me' denies nothing of hers
    here = re.split(r" [.?!;](?= |$)", after)[0]
    if hit.condition not in LASTS and hit.words[-1] in _YOUNG and _BACK_THEN.search(before):
        return PAST
    if hit.condition == "undocumented_condition" and _grown_up(hit, before, here, after, phrase):
        return PAST
    answer = answered(before, after)
    if _YES.match(after) or answer is not None:
        return STATED if answer is None or answer else DENIED
    not_mine = _NOT_MINE.match(after) if who == CUSTOMER and not _CLAIMED.search(before) else None
    if not_mine and ("am" in not_mine[0].split()[-2:]) <= (hit.condition == "pregnancy"):
        return DENIED
    if _KIDDING.search(after):
        return PAST
    supposed = not_so(before, after, phrase)
    if not supposed and _unsure(hit, before, after, here, phrase):
        return DENIED if CLEARED.match(after) else UNSURE
    refused = denied(before, after, here, phrase) and not _NOT_YET.search(before)
    if _past(hit, before, here, after, phrase) or (
        refused and re.search(r"^(?: [^ ,]+){0,3} any ?(?:more|longer)\b", here)
    ):
        found = PAST
    else:
        found = DENIED if refused else STATED
    if _nearly(before, phrase):
        return DENIED
    latest = (
        hit.condition == "pregnancy" and re.search(r" last (?:\w+ )?$", before) and not re.search(r" am |'m ", here)
    )
    long_ago = latest and outlasted(hit.condition, before, phrase, here, after)
    if found == PAST and not long_ago and _one_of_several(hit, before, after):
        found = UNSURE
    if found == DENIED and not supposed and limited(hit.condition, before, after, here, phrase):
        found = UNSURE
    if found == DENIED and _AGAIN_NOT.search(before):
        after = after.removeprefix(" again")  # 'never pregnant again'
    if found != STATED and restated(after, who, ended=found == PAST):
        found = STATED
    perhaps = _ONLY_SUSPICIOUS.search(phrase) or (hit.condition == "pregnancy" and PERHAPS.search(phrase))
    return UNSURE if found == STATED and perhaps else found


def _grown_up(hit: Hit, before: str, here: str, after: str, phrase: str) -> bool:
    if not _CHILD.search(phrase) or _OF_THEM.search(after):
        return False
    return bool(_GROWN.match(here) or (hit.words[-1].startswith("teen") and _KIDS_ARE.search(before)))


def _unsure(hit: Hit, before: str, after: str, here: str, phrase: str) -> bool:
    if "remission" in before + phrase + here and hit.condition in ("tumor", "undocumented_condition"):
        return True
    tested = TESTED.search(before) and TESTED_CLEAR.search(here)
    if tested or _KNEW_LATE.search(before):
        return False
    own = hit.condition in _LASTING and re.search(r" (?:my|his|her|our|their)(?: \w+)? $", before)
    if not own and _UNSURE_BEFORE.search(before):
        return True
    if _UNSURE_AFTER.match(after):
        return True
    return hit.condition != "electronic_device" and bool(_PENDING.search(after))


def _nearly(before: str, phrase: str) -> bool:
    nearly = _NEARLY.search(before)
    return bool(nearly) and (_HAPPENS.match(phrase) is not None or not re.search(r"(?:nearly|almost) $", before))


def _one_of_several(hit: Hit, before: str, after: str) -> bool:
    """Whether what is past may be another one than that which is there now."""
    if _OF_SEVERAL.search(before) or _TOO.search(after.split(" . ")[0]):
        return True
    return bool(_FORMER.search(before)) and hit.condition in {"pregnancy", *_LASTING}


# What somebody has now is not what they had a year ago.
_NOW = re.compile(
    r" (?:(?:have|has|am|is|are|got|having) (?:\w+ )?now|now (?:(?:i|we|he|she|again|also) )*(?:have|has|am|is|got|"
    r"having)|"
    r"right now|currently) (?:(?!(?:from|after|since|because|pains?|aches?|stiff\w*|sore\w*|scars?|healed|cured|over|"
    r"past|"
    r"recovered|trouble|old|former|no|not|and|but|when|where) )[^ .,?!;]+ ){0,5}$"
)


def _past(hit: Hit, before: str, here: str, after: str, phrase: str) -> bool:
    if (_ENDS.search(before) and _TO_COME.search(before)) or _NOW.search(before):
        return False
    if hit.condition == "pregnancy" and (_PAST_A_PART.search(before) or _A_PART.search(phrase.split(" pregn")[0])):
        # Only a long time or a birth ends it then, not the end of a trimester or 'pregnant when I fell'.
        return outlasted(hit.condition, before, phrase, here, after) or bool(
            _WAS.match(before) and (_BIRTH.search(after) or _BIRTH.search(before))
        )
    used_to = _USED_TO.match(before)
    if used_to and not re.search(r" (?:not|never|hardly|barely|almost)(?: \w+){0,2}$", used_to["lead"]):
        return not before.endswith(" lost ") or hit.condition == "pregnancy"
    if hit.condition == "pregnancy" and re.search(r" (?:am|is|are)(?: also| now| still)? $", before):
        return False
    if hit.condition == "pregnancy" and ADJECTIVE.search(phrase) and _WAS.match(before):
        return True
    out = hit.condition in _TAKEN_OUT and _OUT.match(here)
    later = _LATER.search(_YEARS_BEFORE.sub(" ", before))
    if (ended(hit.condition, before, phrase, here, after) or _SORTED.match(here) or out) and not later:
        return True
    for_now = hit.condition == "electronic_device" and _TAKEN_OFF_FOR_NOW.search(before)
    if (
        _TAKEN.search(before)
        and not later
        and not for_now
        and (" removed " in before or " out " in before or here.startswith(" out"))
    ):
        return True
    return outlasted(hit.condition, before, phrase, here, after)
