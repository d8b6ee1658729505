"""Whether a mention is denied: how far a negation before it reaches, and denials after it."""

import re

from bot.understanding.conditions.over import LASTS
from bot.understanding.conditions.refusals import said_no
from bot.understanding.conditions.supposed import not_so
from bot.understanding.conditions.turns import contradicted
from bot.understanding.conditions.words import word_set
from bot.understanding.conditions.wounds import BODY

ADJECTIVE = re.compile(
    r"\b(?:pregnant|preg(?!nanc)\w+|expecting|sensitive|photosensitive|infected|malignant|"
    r"cancerous|feverish|fractured|broken)$"
)

# Words over which a negation does not reach: a new subject, a preposition, a judgement of the use.
_STOP = (
    r"(?:i|you|he|she|it|we|they|my|with|while|during|for|near|on|over|in|to|"
    r"at|because|about|use|using|used|put|safe|good|ok|"
    r"okay|dangerous|allowed|recommended|suitable|bad|sure|certain|problems?|"
    r"issues?|danger|harm|worry|worries|effect|difference|"
    r"only|just|yet|confirmed|until|doubt|question|longer|trouble|matter|idea|"
    r"know|forget|mind|can|could|should|would|will|may|"
    r"might|must|is|are|was|has|do|does|did|that|actually i|way|thanks|thank|"
    r"than|less|more|yes|but|stop|ideal|healed|closed|what|how)"
)
_FREE = rf"(?:(?!{_STOP} )[^ ,:.?!-]+ )"
_SEPARATOR = r"(?:, and |, or |, nor |, |or |and |nor |/ )"
_DETERMINED = (
    r"(?:(?:any|a|an|the|such|other|known|current|currently|active|acute|recent|"
    r"ever|even|really|actually|also|either|slightest|faintest|least|tiniest|single|one|bloody|damn|flipping|"
    r"fucking|signs? of|history of|kind of|sort of|"
    r"type of|form of|evidence of|trace of|diagnosis of|case of|of|at all|wearing|"
    r"having|more|further) )*"
)
_HAVE = (
    r"(?:(?:have|has|had|got|get|be|been|being|am|is|are|wear|wearing|carry|"
    r"carrying|looks?|looking|seems?(?: to be)?|appears?(?: to be)?|diagnosed with|suffer from|suffering from|"
    r"suffered from|suffering with|suffer with|needs?|needed|needing|"
    r"living with|fitted with|use|using) )"
)
# 'Nor has either of us any', 'nor does she have one'.
_SUBJECT_TOO = (
    r"(?:have|has|had|do|does|did|am|is|are) (?:(?:either|any|one|both) of (?:us|them)|i|you|he|she|it|we|they|"
    r"(?:my|his|her|our|the) \w+) "
)
_LIST = rf"(?P<list>(?:{_FREE}{{1,3}}{_SEPARATOR}(?:even |any |a |an |the )?)*)"
_NO = re.compile(
    r"(?P<lead>^ |.* )(?:no|without(?! (?:my|his|her|our|their) )|nor|neither|"
    rf"zero|free (?:of|from)|negative for|ruled out|none of|lack of|non|far from|(?:the )?opposite of|anything but|"
    rf"minus|sans|nothing|excluded|(?:i|we|you) can (?:safely |both )?(?:rule|cross|strike) out) "
    rf"(?:{_SUBJECT_TOO})?(?:(?:have|has|got|having|being|be|am|is|are) )*{_DETERMINED}{_LIST}$"
)
_NOT = re.compile(rf"(?P<lead>^ |.* )(?:not|never)(?! only | just ) (?P<have>{_HAVE}*){_DETERMINED}{_LIST}$")
# Nobody, or nobody of some: no other verb may come between, as in 'nobody knows I have', 'no one but me has'.
_ANY = r"(?:a|an|any|some|the|such a|active|acute|electronic|(?:anything|something)(?: \w+)? (?:like|such as)) "
NOBODY = re.compile(
    r" (?:nobody|no one|none|neither|not (?:one|a soul|a single \w+))(?P<else> else)?(?: (?:around )?here| there| at "
    r"home)?"
    r"(?: (?:of|in|at|from|on|around|under|among|amongst) (?:(?!X )\w+ ){0,3}?\w+)?"
    r"(?:(?<=neither) (?:\w+ ){1,3}?nor (?:\w+ ){0,2}?\w+| (?:nor|or|and) (?:of|in|at|from|on) (?:\w+ ){0,2}?\w+)?"
    r"(?: (?:that )?(?:i|we) (?:live|work|know|share \w+)(?: (?:with|to|of))?)?(?: (?:ever|currently|actually|really|"
    r"even|presently|also))*"
    r" (?:has|have|is|are|had|was|got|wears?|carries|carry|needs?|uses?|suffers? (?:from|with)|'s(?= got | $))"
    r"(?: (?:got|had|been|currently|actually|ever|even|presently|with|at the moment|right now))*"
    rf" (?:{_ANY})*(?:(?:X |[^ .,?!]+ )?(?:X )(?:(?:,|or|and|nor|has|have|wears|is) )+(?:{_ANY})*)*$"
    # 'There is nobody pregnant here', and not 'nobody with a pacemaker may use it'.
    r"| (?:there|here|me|us|home|house|family) (?:is|are|was) (?:nobody|no one|none|not anyone|not anybody)(?: "
    r"(?:here|there|at home|around))?"
    rf"(?: (?:in|at|of|among) (?:\w+ ){{1,3}}?)? ?(?:(?:with|who (?:is|has)|wearing|carrying|having) )?(?:{_ANY})*$"
)
# 'Nobody pregnant here, nobody with a pacemaker', and nothing asked of such.
_BARE_NOBODY = re.compile(r"(?:^|[.,;:-]| and| so) (?:nobody|no one)(?: here| at home)?(?: with(?: an?| any)?)? $")
_ENDS_THERE = re.compile(
    r"^(?: (?:here|either|at home|in (?:the|our|this) \w+|too|around))*(?: [.,;!:)-]|$)"
    r"(?!.* (?:should|can|may|must|could|would|shall|allowed|supposed|ought))"
)
_AS_MUCH = re.compile(
    r"^ (?:as \w+ as|(?:\w+er|more \w+|better|like) (?:than )?)(?= |$)"
)  # 'nobody has it as badly as'
_HAS_IN_PHRASE = re.compile(r"^(?:has|have|is|are|had|got|wears?|carries) ")
_BUT_ME = re.compile(
    r" (?:nobody|no one|none) .*(?:except|besides|but|(?:apart|aside) from|other than|just|only) (?:for )?"
    r"(?:me|myself)(?= (?:[.,!?;]|$)|$)"
)
_NONE_OF_THESE = re.compile(
    r" (?:not|never|none|no|neither|nothing) (?:[^ .?!]+ ){0,5}?(?:of (?:these|"
    r"those|the following|them|this|:)|following|such (?:conditions?|things?|problems?)|"
    r"these|those)"
    r"(?: conditions?| things?| problems?)? ?(?:(?<=of :)|:|,|\(|-|like|such as|e g)(?! but)(?!.* (?:i|"
    r"we|he|she) (?:do |am |have |is |has ))(?: [^ .?!]+)* $"
)
_NOT_THE_ONE = re.compile(r" not (?:the|that) (?:one|person) (?:with|who (?:has|is|have|had))(?: (?:a|an|the))? $")
_CUT = re.compile(
    r".* (?:but|however|although|though|except|whereas|because|cos|so|since|"
    r"if|when|while|whilst|during|unless|until|who|which|then|apart from|only|"
    r"instead|yes) "
)
_ASKS_NOT = re.compile(
    r"(?:^| )(?:why|why (?:is|are|do|does|should|can)|can|could|should|shall|"
    r"may|must|would|will|might|not|never|how come|or|how|do i|does it) $"
)
_INVERTED = re.compile(r"^ (?:so |and |but )?(?:is|are|was|were|does|did|has) $")

# Said of no real state, or itself denied.
_UNREAL = re.compile(
    r" (?:wish\w*|"
    r"hop(?:e|es|ing|efully)|pray\w*|if only|if (?:i|she|we|he|they) (?:was|were|am|is|did|had|could|would)|"
    r"(?:had|were|should) (?:i|she|we|he|they|(?:my|our) \w+)(?= (?:not|never) )|"
    r"pretend\w*|suppos(?:e|ed|ing)|imagin\w+|assum\w+|hypothetically|let us say|let 's (?:just )?say|lets say|what if|"
    r"(?:treat|regard|see|consider|count|call|think of|make|put) (?:me|us|her|him|them|it|my \w+)(?: down)?|"
    r"(?:act|answer|respond|reply|talk|behave|go on|carry on) (?:to me )?(?:like|as)|argument|role ?play\w*|"
    r"in theory|theoretically|officially|on paper|wants? (?:me|her|him|us) (?:to|not)|picture|as someone|like someone|"
    r"as if|as though|even if|unless|would you say|(?:told|tell) you|(?<=^ )say(?= (?:i|she|he|we) )|impossible|"
    r"unlikely|unthinkable|"
    r"not (?:saying|true|the case|like|as if|right|correct|that|mean|possible|believe|deny|say|claim)|"
    r"(?:never|not|without) (?=not |without |never )|no (?:way|longer)(?= (?:that )?(?:i |she |he |we |not |without )))"
    r"(?= |$)"
)
# What follows a condition that is denied as such. Any other word makes it a compound: 'no pregnancy complications'.
_MAY_FOLLOW = re.compile(
    r"^(?:$| $| (?:[.,;:!?()/-]|X|[^ ]*ed(?= |$)|[^ ]{3,}ly(?= |$)|(?:and|or|but|nor|so|if|as|at|in|on|of|to|for|"
    r"from|with|by|near|"
    r"under|inside|behind|around|since|though|although|because|cos|then|than|when|while|which|that|this|these|those|"
    r"yet|now|anymore|here|there|either|too|also|just|only|even|still|ever|any|all|anywhere|anyway|again|today|myself|"
    r"herself|himself|whatsoever|thanks|thank|thx|please|pls|luckily|hope|sorry|ok|okay|btw|lol|other|else|whatever|"
    r"i|you|he|she|it|we|they|my|me|the|a|an|is|are|was|were|am|has|have|had|do|does|did|can|could|may|might|will|"
    r"would|should|not|no|yes|what|how|found|seen|present|visible|known|history|diagnosis|woman|lady|person|man|"
    r"mother|mum|patient|lately|before|until|till|like|after|yeah|nope|neither|except|besides|apart|during|\d+|"
    r"left|remaining|having|right|presently|bad|long|who|whose|use|using|want|wanting|looking|got|get|gets|mate|pal|"
    r"love|sir|madam|dear|bro|dude|tho|nothing|nobody|none|never|zero|minus|cheers|ta|haha|fyi|whether|why|where|"
    r"gonna|wanna|honest|innit|cause|needed|required|full stop|period|wonder|think|am|wise|mine|ours|last)(?= |$)))"
)
# Denied is how much of it, how long or which kind; that there is some may well be.
_DEGREE = re.compile(
    r"^(?:(?:a|an|the|that|very|too|so|really) )*(?:severe|severely|serious|seriously|bad|major|terrible|terribly|big|"
    r"large|huge|extreme|heavy|heavily|advanced|aggressive|massive|high|very|too|so|that|malignant|terminal|"
    r"full|late|extremely)(?: |$)"
)
_NOT_LONG = re.compile(
    r"^ (?:for (?:very |that |so |too )?(?:long|much)|(?:for )?(?:very |that |so )?long\b|before\b|"
    r"like (?:this|that)\b|"
    r"(?:this|that|so|as|quite so) (?:bad|badly|severe|long|strong|often|much)\b|(?:for )?[^.?!,]* yet\b)"
)
_WITHOUT = re.compile(r" without (?:[^ ]+ ){0,3}$")
_NEEDED = re.compile(r" (?:not|never) | would | could | lost ")  # 'I would be dead without a pacemaker'

_ANSWER_NO = re.compile(
    r"^ (?:[?:,-] )?(?:(?:is|was|were|are|has been|have been|got|been|it was|"
    r"turned out|can be|may be|safely|luckily|fortunately|definitely|also|later|then) )*"
    r"(?:ruled out|excluded|out of the question|off the table|negative|a false alarm|false alarm|a misdiagnosis|"
    r"misdiagnosed|misdiagnosis|nope|nah|no|never|none|not at all|not present|"
    r"not me)"
    r"(?= (?:[.,;!)-]|but|and|luckily|thank)|$| $| X)"
)
_TURNED_OUT_NOT = re.compile(
    r"^ (?:\w+ )?(?:tests?|results?|scan|biopsy|screening)(?: (?:results?|and|but|which|it|that|they|i|took|was|is|has|"
    r"have|did|came|come|were|turned|out|back|says?|said|shows?|showed|all|also|both|just|now|yesterday|today|twice|"
    r",|:|-))* (?:negative|clear|fine)(?= |$)(?! ?(?:\?|or positive))|"
    r"^ (?:(?:was|is|came back) (?:all )?(?:negative|clear|fine)|"
    r"turned out not to be|is not (?:true|"
    r"there|present)|does not apply)|^ (?:i|we|he|she|they) (?:do|does|have|"
    r"has|am|is|are) not(?: have| got)?(?= (?:[.,;!]|but)|$| $)"
)
_NONE_AFTER = re.compile(
    r"^(?: (?:,|or|and|nor|X|/))*(?: [?:.,-])+(?: (?:i|we|she|he|they)(?: have|"
    r" has| am)?(?: got)?| there is)? ?(?:do not have any(?: of (?:these|those|"
    r"them|that))?|does not have any(?: of (?:these|those|them|that))?| ?none(?: of (?:these|"
    r"those|them|that|the above))?| ?nothing(?: of (?:these|those|them|that))?|"
    r"nothing like that|not any of (?:these|those|them))(?: apply| applies| at all|"
    r" of that)?(?= [.,;!]|$| $)"
)
TESTED = re.compile(
    r" (?:tested|checked|screened|assessed|examined|suspected|looked|investigated|considered|thought|believed|feared|"
    r"expected|offered|suggested|recommended|proposed|planned|wanted|going|worried|afraid|scared|"
    r"concerned) (?:[^ ]+ )*(?<!my )(?<!his )(?<!her )(?<!their )$"
)
TESTED_CLEAR = re.compile(
    r"^(?![^.?!]* yet\b)(?: [^ .?!]+){0,4}? (?:but|and|which|,) (?:[^.?!]*? )?(?:(?:do|does|did) not (?:need|"
    r"have|find|get)|(?:do|does|did|was|am|is) not(?= [.,!?;]|$| $)|decided against|declined|refused|said no|"
    r"turned it down|"
    r"(?:not|never) needed|(?<!not )(?:negative|clear|fine)|nothing|(?:was|is|have|has) not(?! (?:clear|fine|"
    r"negative|normal|good|ok|so)))(?= |"
    r"$)"
)


# A denial of some of it: in one part of the body, at another time, of one more, or only in somebody's opinion.
_PART_OF = rf"(?:{BODY}|area|region|side|spots?|place|part|zone|site|joints?|bones?|hair|middle)"
_AT = r"(?:in|on|at|near|around|under|behind|over|above|below|of|inside|by|close to|next to|anywhere near)"
_WHOSE = r"(?:(?:my|his|her|their|our|the|that|this|these|those|a|left|right|both|upper|lower|same|actual|one|other) )"
_THERE = re.compile(
    rf"^ (?:{_AT} {_WHOSE}{{0,3}}(?:skin of {_WHOSE})?(?:\w+ )??(?P<part>{_PART_OF})(?= |$)|"
    rf"(?:down |up |right )?there(?= (?:[.,;:!?)-]|but|so|though|either|anyway)|$| $)|"
    rf"(?:in |at )?(?:the place |the area )?where (?:i|he|she|we|it|the)(?: |$))"
)
_PART_HAS = re.compile(
    rf" {_WHOSE}+(?:\w+ )?{_PART_OF}(?<!skin) (?:itself |really |also )*(?:has|have|had|do|does|did)(?: got)?(?: not)?"
    rf"(?: have| got)? (?:no |any |a |an )*$"
    rf"| {_WHOSE}+(?:\w+ )?{_PART_OF}(?<!skin) (?:is|are) (?:\w+ )?(?:free (?:of|from)|clear of|without) (?:any )?$"
    rf"|(?:^ |[.,;:!?] |(?:but|and|so|though|as|because) )(?:in|on|at|near|around) {_WHOSE}+(?:\w+ )?{_PART_OF}"
    rf" (?:there|i|he|she|we|it) (?:is|are|am|have|has|do|does)\b[^,]*$"
)
# Where it would be if there was one: a denial there is one of all.
_SEATS = {"electronic_device": word_set("chest heart ear ears head brain"), "tumor": frozenset[str]()}
_NO_WOUNDS = re.compile(r" there (?:is|are) (?:no|not any) (?:[^ ]+ )*[^ ]+s$")
_LOOKED = re.compile(r" (?:x ?rays?|xray|ray|scans?|mri|ct|ultrasound|doctors?|hospital|showed|found|checked) ")
_THEN = re.compile(
    r"^ (?:\w+ ){0,2}?(?:when(?! (?:can|may|could|should|is|will))|back then|at (?:the|that) (?:time|point)|"
    r"in those days|"
    r"last (?:year|month|week|summer|winter|spring|autumn|time)|in (?:19|20)\d\d|(?:\w+ ){1,2}ago|yesterday|before|"
    r"previously|earlier|in (?:january|february|march|april|may|june|july|august|september|october|november|december))"
    r"(?= |$)"
)
_WAS_NOT = re.compile(r" (?:was|were|had|did) (?:not|no|never) (?:[^ ]+ ){0,3}$| (?:was|were|had) no (?:[^ ]+ )?$")
_ONCE = re.compile(
    r"(?:^| )(?:(?:years?|months?|weeks?|days?) ago|last (?:year|month|week|time)|in (?:19|20)\d\d|back then|yesterday|"
    r"in (?:january|february|march|april|june|july|august|september|october|november|december)) [^.?!]*$"
)
_OTHER_ONE = re.compile(r" (?:no|not|any|a|an) (?:(?:other|further|second|third|additional|new|more|extra) )+$")
_SINCE = re.compile(r"^ (?:since|after (?:that|them|him|her)|(?:for|in) (?:[^ .,?!]+ ){1,3}(?:years|decades))(?= |$)")
_OF_OTHERS = re.compile(r" (?:X|conditions?|problems?|issues?|illness(?:es)?|diseases?) ")
_OPINION = re.compile(
    r" (?P<who>[^ .,?!]+) (?:say|says|said|think|thinks|thought|believes?|believed|reckons?|reckoned|claims?|claimed|"
    r"insists?|insisted|swears?|assumes?|told me|tells me|guess(?:es)?) (?:to me )?(?:that )?(?:i|we) "
    r"|(?:^| )according to (?:\w+ )?(?P<whom>\w+) (?:, )?(?:i|we) |"
    r" i (?:told|said to|tell) (?!you |(?:my |the |our )?(?:doctor|gp|nurse|midwife|hospital|"
    r"surgeon|dentist|physio) )(?:[^ ]+ ){1,3}(?:that )?i (?:am|do|have|was) "
)
_EXPERTS = word_set(
    "i we doctor doctors doc gp midwife nurse hospital test tests scan scans result results biopsy ultrasound xray "
    "ray surgeon specialist gynaecologist gynecologist obgyn ob dermatologist oncologist clinic consultant radiologist "
    "physician cardiologist they blood lab mri ct it x"
)
_WITH_TWINS = re.compile(
    r"^ (?:with (?:twins?|triplets?|multiples?|a (?:boy|girl|baby|child)|my|our|the|number|two|three|\d)|by |from |"
    r"on purpose|by choice|for the \w+ time|enough\b)"
)
_NOT_ON = re.compile(r"^ (?:on me|with me|at home|at work|at the moment|today|tonight|right now|currently)(?= |$)")


def limited(condition: str, before: str, after: str, here: str, phrase: str) -> bool:
    """Whether a denial leaves a condition open: 'no lupus on the knee', 'I was not pregnant when I bought it'."""
    if _TEST.match(re.sub(r"^ (?:home|blood|urine) ", " ", here)) and (
        _DOUBTED.search(after) or re.search(r" (?:first|earlier|early|old|previous) $", before)
    ):
        return True
    there = _THERE.match(here)
    if condition == "fracture" and _LOOKED.search(before):
        there = None  # the place that was looked at is the one that hurt
    elif there is None and condition == "fracture":
        there = _THERE.match(" " + " ".join(phrase.split()[1:]))
    anywhere = there and (
        there["part"] in _SEATS.get(condition, ("skin",))
        or (condition == "open_wound" and _NO_WOUNDS.search(before + phrase))
    )
    if (there and not anywhere) or _PART_HAS.search(before):
        return True
    if _WAS_NOT.search(before) and (_THEN.match(here) or _ONCE.search(before)):
        return True
    if _OTHER_ONE.search(before) and not _OF_OTHERS.search(before) and not (condition in LASTS and _SINCE.match(here)):
        return True
    opinion = _OPINION.search(before)
    if opinion and (opinion["who"] or opinion["whom"]) not in _EXPERTS:
        return True
    if condition == "pregnancy" and (_WITH_TWINS.match(here) or re.search(r" look(?:s|ing)? ", before)):
        return True
    return condition in ("electronic_device", "photosensitivity", "tumor") and bool(_NOT_ON.match(here))


_NEGATIVE = re.compile(r"(?<! not) (?:negative|clear)(?: (?:home|urine|blood|early|clear ?blue))? $")
_FOUND_NOT = re.compile(
    r" (?:turn(?:ed|s) out|proved|proven|found|shown|confirmed|seems|seemed) not to (?:be|have)(?: an?| any)? $"
)
_TEST = re.compile(r"^ (?:tests?|scans?|results?|biops(?:y|ies)|screenings?|swabs?)\b")
# What makes a negative test doubtful.
_DOUBTED = re.compile(
    r" (?:but|yet|though|although|however|still|and)\b[^?]* (?:late|overdue|missed|no period|not sure|unsure|too early|"
    r"test again|again|retest|faint|positive|feel|sick|nauseous|nausea|symptoms?|think)\b"
)


def denied(before: str, after: str, here: str, phrase: str) -> bool:
    """Whether a mention (`phrase`) is denied by the words before it, after it, or after it here."""
    if not_so(before, after, phrase):
        return True
    if "biopsy" in phrase and re.match(
        r"^ (?:was|is|came back)(?: all)? (?:benign|clean|normal|harmless)(?= |$)", after
    ):
        return True
    if _UNREAL.search(before) or _BUT_ME.search(before + here) or contradicted(before, after):
        return False
    if _NEGATIVE.search(before) and _TEST.match(here):
        return True
    said = said_no(before, after)
    if said is None and _FOUND_NOT.search(before):
        return True
    if said is not None:
        return said
    if _NONE_OF_THESE.search(before) or _NOT_THE_ONE.search(before):
        return True
    clause = " " + _CUT.sub("", before).lstrip()
    cut_off = clause != before
    verb = _HAS_IN_PHRASE.match(phrase)
    nobody = NOBODY.search(clause + verb[0] if verb else clause) or (
        _BARE_NOBODY.search(clause) and _ENDS_THERE.match(here)
    )
    if (nobody and not _AS_MUCH.match(here)) or _reaches(clause, before, here, phrase, cut_off):
        return True
    if TESTED.search(before) and TESTED_CLEAR.search(here):
        return True
    judged = re.search(r" (?:use|using|safe|ok|okay|can|may|should|with|good)(?= )", before)
    if _ANSWER_NO.match(after) and not judged and not re.match(r"^ (?:[?:,-] )?no X", after):
        return True
    if _TURNED_OUT_NOT.match(after):
        return True
    return (
        bool(_NONE_AFTER.match(after))
        and not judged
        and not re.search(r" (?:i|he|she|they|we) (?:have|has|am|is) ", before)
    )


def _reaches(clause: str, before: str, here: str, phrase: str, cut_off: bool) -> bool:
    """Whether a negation in the clause before a mention reaches it."""
    noun, verb = _NO.match(clause), _NOT.match(clause)
    match = noun or verb
    if match is None or _ASKS_NOT.search(match["lead"]):
        return False
    if (
        verb
        and not noun
        and not cut_off
        and _INVERTED.match(verb["lead"])
        and "got" not in verb["have"]
        and not here.startswith(" ,")
    ):
        return False  # 'isn't lupus a problem?'
    if "ruled out" in clause and re.search(r" (?:nobody|no one|none|never|neither|not) ", match["lead"]):
        return False
    if _WITHOUT.search(clause) and _NEEDED.search(before + here):
        return False
    compound = not ADJECTIVE.search(phrase) and not _MAY_FOLLOW.match(here)
    reach = clause[match.end("lead") :].split(" ", 1)[1] if noun else clause[match.end("lead") + 4 :].lstrip()
    if compound or _NOT_LONG.match(here) or _DEGREE.match(f"{reach}{phrase} "):
        return False
    listed = match["list"]
    if not listed:
        return True
    if re.match(r"^ (?:is|are|was|has|have|had|came|started)\b", here):
        return False  # a new subject: 'no pacemaker, lupus is what I have'
    if re.match(r"^, ", listed) or listed.startswith(("and ", "or ")):
        return False
    tail = re.match(r"^(?: ,)?(?: [^ ,.?!]+){0,2}(?: ,(?: [^ ,.?!]+){1,2})*(?: ,)? (?:or|nor) ", here + " ")
    alternative = bool(re.search(r"\b(?:or|nor) ", listed) or tail)
    if ADJECTIVE.search(phrase) and noun and not alternative:
        return False  # 'no pacemaker, pregnant' does not deny a pregnancy
    count = len(re.findall(r",|\band\b|\bor\b|\bnor\b|/", listed)) + len(re.findall(r" (?:,|and) (?=X)", here))
    return alternative or count >= 2 or bool(verb and not noun and verb["have"] and " and " in " " + listed)
