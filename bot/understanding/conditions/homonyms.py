"""Words of conditions that are said of things, not of bodies: a wound cable, a stand's broken leg, an infection policy.

General rules: the verb 'to wind', the thing or society that has it, the noun that a compound is about, and the field
that a word of several meanings is used in.
"""

import re

from bot.understanding.conditions.wounds import BODY

# What breaks, tears or takes light in and is no body. Nothing that is worn in one ('plate', 'pin', 'lead', 'socket').
_THING = (
    r"(?:plastic|metal|glass|wood(?:en)?|steel|alumini?um|ceramic|concrete|rubber|leather|fabric|vinyl|silicone|"
    r"acrylic|"
    r"foam|cardboard|housings?|casings?|stands?|tripods?|lamps?|panels?|(?<!paw )(?<!foot )(?<!heel )pads?"
    r"(?! of (?:my|his|her|the) )|mats?|devices?|chairs?|armchairs?|tables?|desks?|sofas?|couch|settee|stools?|bench|"
    r"clocks?|guitars?|violins?|bottles?|glasses|spectacles|goggles|dolls?|teddy|statues?|robots?|brackets?|mounts?|"
    r"microscopes?|gooseneck|umbrellas?|tvs?|televisions?|laptops?|phones?|screens?|displays?|lens|lenses|"
    r"bulbs?|"
    r"leds?|cables?|cords?|plugs?|chargers?|adapters?|straps?|covers?|sleeves?|buckles?|velcro|seams?|zips?|hinges?|"
    r"handles?|knobs?|hose|pipes?|boilers?|controllers?|remotes?|parcels?|packag(?:es?|ing)|tyres?|tires?|tiles?|"
    r"fences?|frames?|"
    r"windows?|mirrors?|cups?|mugs?|welds?|bumpers?|(?:bike|chair|bed|lamp|picture|window|door) frames?)"
)
_DETERMINED = r"(?:(?:the|my|your|our|a|an|its|this|that|one|left|right|front|back|inner|outer|new|old|\w+) ){0,3}?"
_STARTS = r"(?:^|[,:] |\b(?:and|but|because|cos|since|that|so|when|if|think|says?|noticed|hi|hello) )"
# The lamp's leg; but not 'I fell off the chair, leg broken'.
_ITS_PART = re.compile(
    rf"(?:\b{_THING} 's|{_STARTS}(?:the|my|our|your|its|one|a) (?:\w+ )?{_THING}) "
    r"(?:(?:left|right|front|back|rear|metal|plastic|bendy|top|bottom|whole) )*$"
)
_PART = re.compile(rf"(?:{BODY}|collar|tail)\b")
_HAS_PART = re.compile(rf".*\b{BODY}\b")
_OF_A_THING = re.compile(
    rf"(?:of|in|through|across|along|into) {_DETERMINED}{_THING}\b(?! (?:burn|cut|wound|injury|accident|crash|door|"
    rf"site|"
    r"pocket|factory))"
)
_BREAKAGE = re.compile(
    r"(?:.* )?(?:fractur\w*|cracks?|cracked|breaks?|broken?|snapped|shattered|splintered|gash(?:es)?|gashed|cuts?|"
    r"lacerations?|stitches|sutures|holes?)(?: .*)?"
)
_OWNER = r"(?:the|your|my|our|this|that|its|a|an|his|her|their)(?: \w+ 's)? "
_OF_IT = r"(?:of (?:the|my|our|a|this) \w+ )?"
_SEEMS = (
    r"(?:is|are|was|were|has|have|had|'s|got|gets|caught|arrived|came|looks|seems|suffered|suffers|picked up|hit by) "
    r"(?:(?:been|got|hit|by|with|from|a|an|this|some|very|all|too|so|really|quite|extremely|hairline|small|tiny|little|"
    r"bad|nasty|one|now|virus|viral|fungal|computer|open|deep|big|huge|deeply|badly) )*"
)
# 'My laptop caught an infection', 'the sensor is sensitive to light', 'the screen is fractured'.
_SAID_OF_THING = re.compile(
    rf"{_STARTS}{_OWNER}(?:\w+ ){{0,2}}?(?:{_THING}|computers?|pc|servers?|websites?|roads?|walls?|bridge|pavement|"
    r"ceiling|ice|plots?|story|novel|argument|logic|theory|garden|lawn|roses?|tomato(?:es)?|trees?|crops?|hedge|pond|"
    r"curtains?|budgets?|economy|"
    r"usb stick|software|network|cameras?|sensors?|film|paper|ink|orchids?|ferns?|(?:house)?plants?|wine|beer) "
    rf"{_OF_IT}{_SEEMS}$"
)
# What people belong to, or speak of as if it had a body.
_SOCIETY = (
    r"(?:clubs?|committee|teams?|part(?:y|ies)|church|choir|village|town|city|country|countries|nation|community|"
    r"compan(?:y|ies)|congregation|band|coalition|society|government|board|groups?|union|region|industry|friendship|"
    r"relationship|marriage|famil(?:y|ies)|alliance|council|parish|association|federation|neighbourhood|neighborhood|"
    r"fan base|fans|crew|cast|department|management|leadership|electorate|church|sect|movement|league)"
)
# Only of these is said that they have an infection or a cancer, and nobody who belongs to them has it.
_STATE = r"(?:country|nation|society|government|economy|industry|market|politics|democracy|internet|system)"
_SAID_OF_SOCIETY = re.compile(rf"{_STARTS}{_OWNER}(?:\w+ ){{0,2}}{_SOCIETY} {_OF_IT}(?:\w+ by )?{_SEEMS}$")
_SAID_OF_STATE = re.compile(rf"{_STARTS}{_OWNER}(?:\w+ )?{_STATE} {_OF_IT}{_SEEMS}$")
_IN_SOCIETY = re.compile(
    rf"(?:that |which |is |runs |goes |down the middle )*(?:between|among|amongst)(?! (?:\w+ ){{0,4}}{BODY}\b)|"
    rf"(?:in|within|inside|across|through|for|of) (?:(?:the|our|my|this|his|her|their|your|whole|entire) )+(?:\w+ )?"
    rf"{_SOCIETY}\b"
)
BREAKABLE = frozenset(("fracture", "open_wound", "deep_wound"))
_SAID_OF_THINGS = BREAKABLE | {"infection", "photosensitivity"}
_THINGS_PART = re.compile(
    rf" {_THING} (?:'s )?{BODY} | {BODY} of (?:the|your|our|this|a|its) (?:\w+ )?{_THING} |"
    rf" (?:in|through|across|along) (?:the|your|this|its) (?:\w+ )?(?:casing|housing|{_THING} 's) "
)

# The verb: somebody winds something, or something is wound.
_WOUND_BY = re.compile(
    r"(?:^|\b(?:i|we|he|she|they|you|who|and|then|have|has|had|would|just|got|get|tightly|wire|self|machine|"
    r"accidentally|"
    r"always|carefully|being|was|were|is|are|mum|dad|wife|husband|son|daughter|kid|him|her|it|copper|coil) )$"
)
_WINDABLE = (
    r"(?:wools?|yarn|threads?|strings?|ropes?|cables?|cords?|leads?|wires?|hose|tapes?|film|coils?|reels?|spools?|"
    r"lines?|"
    r"flex|lights|ribbons?|bobbins?|windows?|handle|clocks?|watch|straps?|scarf|foil|pads?|belt|mat|chain|clay|"
    r"paper|silk|cotton|garland|tinsel|skeins?|balls? of|crank|springs?|turban|sari|elastic|toy|tubing|plug)"
)
_WINDS = re.compile(
    rf"(?:(?:up|down|round|around|back|together|tight|tightly|too) )*(?:(?:the|my|our|her|his|a|an|some|that|"
    rf"this|its|it|them|all|too|copper|electric|fishing|knitting|extension|\w+ful|more|black|new|old|charging|power|"
    rf"long|whole|another|about|"
    rf"\w*ing) )*{_WINDABLE}\b|"
    r"(?:it|them|that)(?: all)? (?:up|round|around|down|back|tight|too|so|tightly|on|onto|off|over)\b|"
    r"(?:up|round|around|tight|too tight|tightly|down)\b|"
    r"(?:me|him|her|us|them|you|himself|herself|everyone|everybody|people)(?: all)?(?: right| so| really)? up\b"
)

_THREAD = re.compile(rf"\b{_WINDABLE} $")
_WOUND_ON = re.compile(r"(?:on|onto|round|around|over|into|through|tightly|up|too)\b(?! (?:my|his|her|their|our)\b)")

# The noun that a compound is about, where that is no illness and nobody's own: 'fracture mechanics engineer'.
_HEAD = re.compile(
    r"(?:(?:and|or|detection|treatment|safety|protection|biology|mechanics|medicine|wave|nursing|device|equipment|"
    r"software|products?|related|prone) ){0,2}(?:polic(?:y|ies)|mechanics|engineers?|engineering|"
    r"research(?:ers?)?(?! (?:nurse|trial|study|"
    r"patient))|"
    r"charity|charities|fundrais\w+|awareness|scientists?|manufacturers?|manufacturing|factory|factories|"
    r"industry|salesm[ae]n|sales(?:wom[ae]n)?|reps?|conferences?|seminars?|lectures?|textbooks?|laborator(?:y|ies)|"
    r"labs?|"
    r"register|registry|statistics|code|coding|codes|paper|film|emulsion|resin|ink|inks|coating|varnish|glass|drum|dye|"
    r"pigments?|diodes?|switch(?:es)?|detectors?|pixels?|chips? factory|horoscope|zodiac|prevention|ward nurse|"
    r"ward sister|dumm(?:y|ies)|manikins?|simulators?|modelling|toughness|zone|museum|quiz|shaming|marathon|"
    r"walkathon|fun run|bake sale|shops?|stores?|"
    r"fitters?|wholesalers?|training days?|brochures?|toys?|emoji|shingles? factory)\b"
)
# What somebody works as, who need not have it: 'I am a breast cancer nurse'.
_WORKS_AS = re.compile(r"\b(?:am|is|was|as|be|being|became|called) (?:(?:a|an|the|\w+) ){1,2}$")
_WORKER = re.compile(
    r"(?:(?:care|clinic|ward|research|implant|clinical|specialist|sales|service) )?(?:nurses?|technicians?|surgeons?|"
    r"audiologists?|specialists?|consultants?|doctors?|researchers?|engineers?|therapists?|counsell?ors?|volunteers?|"
    r"trainers?|teachers?|fitters?|physiologists?|midwi(?:fe|ves)|carers?|campaigners?|fundraisers?|lawyers?)\b"
)
# Words of several meanings: (the words, what else must be said for it to be the illness).
_ONLY_WITH = [
    (
        r"neuroendocrine",
        r"\b(?:tumou?rs?|cancers?|carcinomas?|growths?|mets|metasta\w+|neoplasms?|diagnos\w+|oncolog\w+|pancrea\w+|gut|"
        r"lungs?|stage|grade|nets?|disease|lesions?)\b",
    ),
    (
        r"(?:.* )?ad(?: .*)?",
        r"\b(?:creams?|steroids?|skin|itch\w*|raw|crust\w*|weep\w*|flar\w*|rash\w*|patch\w*|creases?|scratch\w*|"
        r"dermat\w*|ointment|emollients?|ooz\w+|cracked|bleed\w*|diagnos\w+|wet|sore)\b",
    ),
    (
        r"xp",
        r"\b(?:sun\w*|day\w*|light\w*|outs?|outside|outdoors|skin|born|gene\w*|rare|uv|diagnos\w+|moon\w*|xeroderma|"
        r"disease|syndrome|condition|has|have|with)\b(?! (?:windows|points?|the game))",
    ),
]
_OTHER_XP = re.compile(r"\b(?:windows|pc|laptop|computer|game|games|gaming|level|points|earn\w*|gain\w*|quest)\b")
# What is conceived and is no child.
_IDEA = re.compile(
    r"(?:of|how|that|why|what|a|an|the|this|such|any|our|my|some|anything|something) "
    r"(?!(?:\w+ ){0,2}?(?:child|children|baby|babies|sons?|daughters?|boys?|girls?|twins|kids?|siblings?|first|second|"
    r"third|one|time|way|month|year|moment|day|summer|spring|ivf|naturally)\b)"
)
_BUMPED = re.compile(
    rf"(?:(?:right|just|is|was|still) )*(?:on|from|behind|above|near|to) (?:(?:my|his|her|the|left|right|back|of) )*"
    rf"(?!belly|tummy|stomach|abdomen|back (?:and|while|or)){BODY}\b|(?:in the road|in the carpet|into|against)\b"
)
_OWNED = re.compile(r"\b(?:my|his|her|their|'s)(?: \w+)? $")
# Codes, crowds of things.
_CODE = re.compile(
    r"(?:code|codes|coding|classification|chapter|(?:9|10|11)(?! (?:years?|yrs|months?|weeks?|days?|mm|cm)))\b"
)
_MASSES = re.compile(
    r"(?:of|by|with) (?:(?:new|all|these|those|the|his|her|sheer|more|our|mad|endless|too|many|modern|random|cute|"
    r"more|and) )*"
    r"(?:gadgets?|ideas?|laughter|giggles|doubts?|hate|hatred|greed|kindness|stupidity|corruption|optimism|enthusiasm|"
    r"adverts?|ads|apps?|emails?|toys?|things|jokes|songs?|trends?|memes?|joy|happiness|fear|rumou?rs?|lies|"
    r"malware|spyware|viruses on|pop ups|plastic|clutter|decorations)\b"
)
# How far light, heat or cold goes. A cut is what a body has; nothing of it may be in the sentence.
_TO_THE_BONE = re.compile(r".*\b(?:to|at) the (?:bones?|muscles?|marrow|skeleton)")
_GOES_IN = re.compile(
    r"\b(?:lights?|beams?|rays?|waves?|wavelengths?|nm|infrared|heat|warmth|glow|photons|penetrat\w*|cold|chill\w*|"
    r"frozen|"
    r"freezing|soaked|tired|(?:do|does|can|will|would|could) (?:it|they|these|those|this) (?:really |actually |even )?"
    r"(?:go|get|reach|work|travel|shine))\b"
)
_INJURED = re.compile(
    r"\b(?:cuts?|gash\w*|wounds?|sliced?|slit|burn\w*|ulcers?|sores?|injur\w+|stab\w*|bites?|bit|bitten|infect\w*|"
    r"exposed|"
    r"skinned|knife|blade|raw|laid|flesh|nail|saw|glass|tore|torn|ripped|hole|stitch\w*)\b"
)
_PEACE = re.compile(
    r"\b(?:am|is|was|are|be|being|been|always|as|play|plays|playing|the|real|born|natural) "
    r"(?:(?:a|the|our|my|such|family|bit|of|little|great|good|more|real|born|natural|kind) )*$"
)
_AMONG = re.compile(
    r"(?:by nature|between|among|of the|in (?:our|the) (?:family|house|office|team|village|marriage))\b"
)
_WORN_BY = re.compile(r"(?:patient|user|wearer|man|woman|fitted|implanted|in|inside)\b(?! (?:our|the|this) )")
_HAS = re.compile(
    r"\b(?:have|has|had|got|with|wears?|wearing|fitted|implanted|my|his|her|their|'s) (?:(?:a|an|the|new|own|\w+) )?$"
)
_PACE = re.compile(
    r"for (?:the|your|my|our) (?:nerves?|cells?|blood|muscles?|skin|circulation|body|mitochondria|metabolism)\b|"
    r"(?:for|of|at|in) (?!.*\b(?:heart|bladder|chest|years?|months?|weeks?|situ)\b)(?:(?:the|our|my|a|an|this|his|her|"
    r"local|\w+day) )*(?:\w+ ){0,3}?(?:groups?|clubs?|runs?|runners?|running|race|races|marathons?|10k|5k|park ?run|"
    r"team|"
    r"squad|peloton|cyclists?|sprint|rowers?|relay|harriers|swimmers|field|league|office|economy|crew|band)\b|"
    r"(?:duty|duties|bike|runner|bunny|flag|balloon|shirt|bib)\b"
)


def is_homonym(phrase: str, condition: str, before: str, after: str) -> bool:
    """Whether the words of a condition are said of a thing or belong to another noun.

    Args:
        phrase: the words found.
        condition: what they would stand for.
        before: the words before them in the sentence, with a space after each.
        after: those behind them.
    """
    if phrase == "wound" and _WOUND_BY.search(before) and _WINDS.match(after):
        return True
    if phrase == "wound" and _THREAD.search(before) and _WOUND_ON.match(after):
        return True
    if condition in _SAID_OF_THINGS and _is_of_a_thing(phrase, before, after):
        return True
    if _is_of_society(phrase, condition, before, after) or _is_of_another_field(phrase, before, after):
        return True
    if _WORKER.match(after) and _WORKS_AS.search(before) and " of " not in before and phrase != "oncology":
        return True
    if re.search(r"\bconceiv\w+$", phrase) and _IDEA.match(after):
        return True
    if phrase.endswith("bump") and _BUMPED.match(after):
        return True
    if _HEAD.match(after) and not _OWNED.search(before):
        return True
    if re.fullmatch(r"icds?", phrase) and _CODE.match(after):
        return True
    if condition in ("infection", "tumor") and _MASSES.match(after):
        return True
    if condition == "deep_wound" and _TO_THE_BONE.fullmatch(phrase):
        return bool(_GOES_IN.search(before)) and not _INJURED.search(before + after)
    if re.fullmatch(r"peace ?makers?", phrase):
        return bool(_PEACE.search(before) or _AMONG.match(after)) and not _WORN_BY.match(after)
    return bool(re.fullmatch(r"pace ?makers?", phrase) and _PACE.match(after)) and not _HAS.search(before)


def is_part_of_a_thing(words: str) -> bool:
    """Whether ' word word ' speaks of a thing's part, and of nobody's body: 'the tripod's leg is broken'."""
    return bool(_THINGS_PART.search(words)) and not re.search(rf" (?:my|his|her|their) (?:\w+ )?{BODY} ", words)


def _is_of_society(phrase: str, condition: str, before: str, after: str) -> bool:
    """Whether people are said to have it as a group: 'the club has a fracture', 'an open wound between us'."""
    if condition in BREAKABLE:
        if re.search(rf"\b{BODY}\b", phrase):
            return False
        return bool(_SAID_OF_SOCIETY.search(before) or _IN_SOCIETY.match(after))
    return condition in ("tumor", "infection") and bool(_SAID_OF_STATE.search(before))


def _is_of_another_field(phrase: str, before: str, after: str) -> bool:
    """Whether nothing says that a word of several meanings is the illness: 'your ad', 'Windows XP'."""
    if phrase == "xp" and _OTHER_XP.search(before + after):
        return True
    return any(re.fullmatch(words, phrase) and not re.search(field, before + after) for words, field in _ONLY_WITH)


def _is_of_a_thing(phrase: str, before: str, after: str) -> bool:
    broken, part = bool(_BREAKAGE.fullmatch(phrase)), bool(_HAS_PART.match(phrase))
    if broken and _PART.match(phrase) and _ITS_PART.search(before):
        return True  # 'the lamp's neck is broken'
    if broken and not part and _OF_A_THING.search(phrase):
        return True
    if broken and _OF_A_THING.match(after) and (not part or after.startswith("of ")):
        return not re.search(
            r"\b(?:my|his|her|their)\b", phrase
        )  # 'a crack in the casing', 'a broken leg of the stand'
    on_somebody = re.search(r"\b(?:me|my|him|his|her|us|our|skin)\b", phrase)  # 'the lamp has made me photosensitive'
    verb = phrase.split(" ")[0] + " "  # 'the laptop caught a virus'
    return not part and not on_somebody and any(map(_SAID_OF_THING.search, (before, before + verb)))
