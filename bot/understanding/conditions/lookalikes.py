"""Expressions in which a condition's word does not mean that somebody has it. By kind, never by sentence."""

import re

from bot.understanding.conditions.compounds import COMPOUNDS, PRECEDED
from bot.understanding.conditions.homonyms import is_homonym
from bot.understanding.conditions.lexicon import Hit
from bot.understanding.conditions.relations import RELATIONS
from bot.understanding.conditions.words import Token, word_set
from bot.understanding.conditions.wounds import BODY

# Kind 1 is in `compounds` and `homonyms`. Kind 2, figures of speech: a condition said of a loss, a doing, a society.
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
_FEARED_TO_GET = re.compile(
    r" (?:scared|afraid|frightened|terrified|fear|fears|fearing|worried|worry|anxious|nervous|paranoid|phobia) "
    r"(?:(?:so|much|that|of|about|i|we|might|may|could|will|would|one|day|ever|to|just) )*(?<= )(?:of|about|might|"
    r"may|could|"
    r"will|would|to|day|ever) (?:getting|get|developing|develop|catching|catch|contracting|ending up with) "
    r"(?:(?:a|an|the|some|any|skin|another) )*$"
)
# Kind 4, what a person works at, studies or has seen in a film, and what somebody is called or likened to.
_WORKER = (
    r" (?:i|we|who|he|she|they|surgeon|doctor|dad|mum|husband|wife|company|team|son|daughter)"
    r"(?: also| mostly| mainly| usually| often| used to| help to| helps to| \w+ly)? "
)
_DETERMINED = r"(?!(?:my|his|her|a|an|the|this|our|their|with) )"
_MAKES = re.compile(
    rf"{_WORKER}(?:fits?|sells?|repairs?|implants?|builds?|makes?|designs?|programs?|programmes?|installs?|"
    rf"assembles?|services?|"
    rf"manufactures?|tests?|supplies|supply|"
    rf"inserts?) {_DETERMINED}(?:(?:many|new|old|\w+ing|wearable|implantable|medical|electronic|small|portable) )*$"
    rf"|{_WORKER}(?:writes?|designs?|develops?|makes?|sells?|builds?|tests?|translates?) (?:\w+ ){{1,2}}for "
    rf"{_DETERMINED}$"
    r"| (?:work|working|works|job|career|living) (?:\w+ ){0,2}(?:manufacturing|making|repairing|fitting|selling|"
    r"implanting|"
    rf"developing|designing|building|programming|testing|installing|servicing) {_DETERMINED}$"
)
_RESEARCHES = re.compile(rf"{_WORKER}(?:research(?:es)?|stud(?:y|ies)) {_DETERMINED}$")
_TENDS = re.compile(
    rf"{_WORKER}(?:treats?|teach(?:es)?|looks? after|cares? for|operates? on|works? with|nurses?|trains?|advises?)"
    rf" {_DETERMINED}"
    r"(?P<people>(?:(?:old|young|many|lots of|elderly) )*(?:people|patients|folks|women|those|clients|residents|"
    r"children|adults) "
    r"(?:with|who have|with the) )?$"
)
_SUCH_PEOPLE = re.compile(r".* (?:patients|people|women|sufferers|mothers|ladies|mums|moms|wearers)")
_STUDIED = re.compile(
    r" (?:(?:thesis|dissertation|essay|phd|doctorate|lecture|homework) (?:\w+ )?(?:about|on|in)|(?:film|movie|novel|"
    r"documentary|"
    r"episode|song|poem|painting|joke|sitcom|soap|musical|comedy) (?:\w+ )?(?:about|titled|called|featuring|starring)) "
    r"(?:(?!my |me )[^ .?!,]+ ){0,3}$"
)
_SHOWN = re.compile(
    r" (?:drama|series|show|programme|program|soap|opera|film|movie|novel|book|story|documentary|podcast|telenovela|"
    r"thriller|episode|sitcom) (?:(?:on|from) \w+ )?(?:about|with|where|in which|of) (?:a|an|the|some|two|this) "
    r"(?:(?:young|old|poor|rich|dying|sick|little|famous) )*(?:wom[ae]n|m[ae]n|girls?|boys?|doctors?|family|patients?|"
    r"nurses?|surgeons?|mother|mum|lady|guy|couple|people|teenagers?|someone|detective|singer|athlete|queen|king|kid) "
    r"(?:(?!my |me |mine )[^ .?!]+ ){0,4}$"
)
_ACTED = re.compile(
    r" (?:plays?|playing|played|acts?|acting|acted|portrays?) (?:a|an|the) (?:\w+ )?(?:wom[ae]n|m[ae]n|girl|boy|"
    r"patient|"
    r"mother|father|queen|king|lady|guy|character|person) (?:with|who (?:has|is|wears)|wearing)(?: an?)? $"
)
# Kind 5, a watch or ring that lies somewhere and is not worn.
_WEARABLE = re.compile(
    r"(?:(?:my|his|her|our|their|\w+ 's|'s|old|new) )*(?:fitbit|smart ?watch|apple watch|"
    r"galaxy watch|fitness (?:tracker|watch)|oura(?: ring)?|smart ring|garmin(?: watch)?|whoop (?:band|strap))"
)
_PLACE = (
    r"(?:drawer|box|table|shelf|cupboard|charger|bag|safe|nightstand|desk|kitchen|other room|next room|dresser|car|"
    r"office|gym|dock|locker|bathroom|bedside table|handbag|pocket of \w+ coat|packaging|wardrobe|bin|"
    r"repair shop|shop|house)"
)
_LIES = re.compile(
    rf"(?:is|are|was|lies|lying|sits|sitting|stays|lives|has been|'s)(?: \w+){{0,2}}? (?:(?:in|on|at|inside) (?:the|my|"
    rf"a|its|his|her|our) (?:\w+ )?{_PLACE}|at home|charging|off (?:now|today)|broken|dead|lost|away|sold)\b"
    r"|(?:at home|in the (?:drawer|box|car|locker)|on the (?:charger|table|shelf)|on ebay)\b"
)
_PUT_AWAY = re.compile(
    r" (?:left|leave|lost|sold|forgot|misplaced|returned|took off|taken off|take off|put away|without) "
    r"(?:(?:my|his|her|the|our|wife 's|husband 's|old|new) )*$"
)
_WORN = re.compile(
    r"\b(?:wear|wears|wearing|worn|put it (?:back )?on|on my (?:wrist|arm|hand|finger)|again|usually|normally|"
    r"sometimes|except|only when|until)\b"
)
_NAMED = re.compile(
    r" (?:dogs?|cats?|horse|pony|puppy|kitten|rabbit|hamster|pet|mare|parrot|wolf|tortoise|goldfish|band|boat|club|"
    r"song|game|"
    r"restaurant|cafe|ship|yacht|router|hero) (?:(?:is|was|'s|who|that|which|we|i|they|she|he|have|has|been) )*"
    r"(?:called|named|name is|name was|nicknamed|christened)(?: it| him| her)? $"
)
_LIKENED = re.compile(r" (?:like|than|as) (?:a|an|some|the)(?: \w+)? $")
_ANIMAL = re.compile(
    r"(?:elephants?|whales?|cows?|hippos?|hippopotamus|penguins?|duck|seal|walrus|sows?|goose|horse|camel|rhino|cat|"
    r"dog|mare|"
    r"guppy|seahorse|panda|turtle|snail|buffalo|nun|goddess)\b"
)
_STRANGER = re.compile(
    r"^(?! (?:so |and |but )?(?:can|could|may|might|is|are|should|does|do|would|will|what|how) )(?!.* for (?:the|a|"
    r"that|an) ).*"
    r" (?:the|a|an|that|this|some|old|young|one) (?:lady|man|woman|guy|bloke|chap|person|girl|boy|fellow|gentleman|"
    r"lad|fella|"
    r"chap) (?:(?:with|who|has|had|wears|wearing|is|having) )+(?:(?:a|an|the|his|her) )?$"
)
_SOMEWHERE = re.compile(
    r"(?:from )?(?:next door|down (?:the|our) (?:road|street|hall)|across the (?:road|street|hall)|upstairs|"
    r"downstairs|opposite|"
    r"round the corner|(?:at|in|from|on) (?:the|my|our|your) (?:shop|film|movie|gym|ad|advert|video|bus|club|church|"
    r"tv|village|"
    r"photo|picture|leaflet|office|choir|train|queue))\b(?!.*\b(?:she|he|her|him|them|they|wants?|asks?|asked)\b)"
)
# 'My boss is a cancer.' A disease is not said so of a person.
_BORN_UNDER = re.compile(
    r" (?:i am|he is|she is|(?:my|our|his|her) (?P<who>[\w-]+) is)(?: (?:also|such|definitely|really|totally|just|"
    r"only|both|too))*"
    r" a(?: typical| real| true)? $"
)
# It only feels so, from an effort.
_FEELS_SO = re.compile(r".*\bfe(?:els?|lt)\b.*\b(?:broken?|shattered|smashed|crushed)")
_FROM_EFFORT = re.compile(
    r"(?:[^ .?!]+ ){0,2}?(?:after|from|by|following) (?:(?:a|an|the|my|yesterday|'s|our|that|this|all|long|hard|"
    r"half|\w+ing|last) )*"
    r"(?:marathon|run|race|workout|gym|training|hike|hiking|leg day|work|shift|day|flight|match|session|exercise|ride|"
    r"walk|game|week|gardening|party|wedding|class|squats)\b(?!.*\b(?:fell|fall|crash\w*|hit|twisted|tripped|"
    r"slipped|x ray|"
    r"swollen)\b)"
)
# 'I don't want to open old wounds.'
_OLD_WOUNDS = re.compile(
    r"\b(?:salt (?:in|into|on|to)(?: (?:the|an|any|our|my|those|these|that|some))* (?:open |old |raw )?wounds?$|"
    r"(?:(?:re)?open\w*|salt (?:in|into|on)|nurs\w+|bury|buried|dig\w*|bring\w*|forget|forgive)(?: up| in| into)?"
    r"(?: (?:the|an|any|our|my|those|these|all|some|such))* (?:old|past|ancient|family|political|emotional)"
    r"(?: family)? wounds?$)"
)
_ON_THE_BODY = re.compile(
    rf"(?:(?!but |and |, )[^ ]+ ){{0,3}}?(?:on|in|at) (?:(?:my|his|her|the|left|right) )*{BODY}\b"
)
_MAY_BE_FEARED = word_set("tumor photosensitivity infection acute_skin_infection acute_eczema fracture")
# But who adds this has it too.
_OWN = re.compile(
    r"\b(?:have|has|wears?|needs?|got) (?:one|it|them|some)\b|\b(?:like|as|including) (?:me|mine|us|myself)\b|"
    rf"\b(?:i|we|he|she|me|my(?! (?:\w+ )?{BODY}\b)|wife|husband|too)\b.*\b(?:have|has|am|is|do|does|got|too|also|"
    rf"mine|myself)\b"
)
_IN_THE_FAMILY = re.compile(r"^(?:both |all )?(?:runs?|ran|is common) in (?:my|our|the|his|her) (?:\w+ )?family\b")
_FAMILY_HISTORY = re.compile(r"\bfamily history of (?:\w+ (?:and|or) )?$")
_ZODIAC = re.compile(
    r"\b(?:zodiac|horoscope|astrolog\w*|star ?sign|sun sign|(?:leo|virgo|gemini|"
    r"taurus|capricorn|sagittarius|pisces|aries|libra|scorpio|aquarius|ascendant|born in (?:june|july)|a cancerian))\b"
)


def is_lookalike(hit: Hit, tokens: list[Token]) -> bool:
    """Whether a hit stands for no condition of anybody."""
    sentence = tokens[hit.first].sentence
    phrase = " ".join(t.text for t in tokens[hit.first : hit.last])
    spelt = (phrase, " ".join(hit.words))
    before = "".join(t.text + " " for t in tokens[max(0, hit.first - 30) : hit.first] if t.sentence == sentence)
    after = " ".join(t.text for t in tokens[hit.last : hit.last + 30] if t.sentence == sentence)
    if any(any(re.fullmatch(words, p) for p in spelt) and re.match(follows, after) for words, follows in COMPOUNDS):
        return True
    if any(any(re.fullmatch(words, p) for p in spelt) and re.search(rf"\b{lead}$", before) for lead, words in PRECEDED):
        return True
    if _OLD_WOUNDS.search(before + phrase) and not _ON_THE_BODY.match(after):
        return True
    if is_homonym(phrase, hit.condition, before, after):
        return True
    if hit.condition in _FIGURATIVE and (_FIGURE.search(before) or _FIGURE.search(" " + before)):
        return True
    if _WEARABLE.fullmatch(phrase) and (_LIES.match(after) or _PUT_AWAY.search(" " + before)):
        return not _WORN.search(before + after)
    if hit.words[-1] == "ms" and _is_title(hit.last - 1, tokens):
        return True
    runs_in_family = _IN_THE_FAMILY.match(after) and not re.search(r"\b(?:i|me) (?:have|am|do|too|also)\b", after)
    if runs_in_family or _FAMILY_HISTORY.search(before):
        return True
    if phrase == "cancer" and re.match(r"[,.!;)]|$|and (?:a|he|she|i|my|it shows|so)\b", after):
        born = _BORN_UNDER.search(" " + before)
        if born and (not born["who"] or born["who"] in RELATIONS):
            return True
    if _is_talked_of(hit, phrase, " " + before, after):
        return True
    if hit.condition == "tumor" and phrase == "cancer" and _ZODIAC.search(before + after):
        return True
    return bool(_FEARED.search(" " + before))


def _is_title(place: int, tokens: list[Token]) -> bool:
    """Whether it is a woman's title and no disease: 'for Ms Smith'."""
    if not tokens[place].capital or tokens[place - 1].text.split()[0] in ("have", "has", "had", "got"):
        return False  # 'MS' and 'ms' are the disease
    following = [t for t in tokens[place + 1 : place + 3] if t.text != "."]
    return bool(following) and following[0].capital


def _is_talked_of(hit: Hit, phrase: str, before: str, after: str) -> bool:
    """Whether a condition is what somebody works at, fears, is called or likened to, or a stranger's."""
    if hit.condition == "pregnancy" and _LIKENED.search(before) and _ANIMAL.match(after):
        return True
    if _NAMED.search(before) or (_STRANGER.search(before) and _SOMEWHERE.match(after)):
        return True
    if hit.condition == "fracture" and _FEELS_SO.match(phrase) and _FROM_EFFORT.match(after):
        return True
    if hit.words == ("implant",) and re.search(r" (?:who|surgeon|doctor|he|she|cardiologist|husband|wife) $", before):
        return bool(
            re.match(r"(?:the |these |such )?(?:pacemakers?|defibrillators?|icds?|devices|stents?|hips)\b", after)
        )
    if hit.condition in _MAY_BE_FEARED and _FEARED_TO_GET.search(before):
        return True
    if _OWN.search(after):
        return False
    tends = _TENDS.search(before)
    if tends and (tends["people"] or _SUCH_PEOPLE.match(" " + phrase)):
        return True
    return bool(
        (phrase.endswith("s") and _MAKES.search(before))
        or _RESEARCHES.search(before)
        or _STUDIED.search(before)
        or _SHOWN.search(before)
        or _ACTED.search(before)
    )
