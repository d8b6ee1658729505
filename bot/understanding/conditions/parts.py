"""The rules by which several words of a sentence together tell a condition.

Each is a search in ' word word ... '; the words from the first to the last of what it finds become the mention.
"""

import re

from bot.understanding.conditions.wounds import BODY, WOUND

_BONE = (
    r"(?:bones?|wrists?|arms?|forearm|elbow|legs?|foot|toes?|ankles?|fingers?|thumbs?|pinky|"
    r"hand|hip|ribs?|collar ?bone|clavicle|shoulder(?: blade)?|nose|neck|tail ?bone|coccyx|sternum|breast ?bone|"
    r"knee ?cap|knee|jaw|shin|heel|pelvis|vertebrae?|skull|spine|femur|tibia|fibula|metatarsal|metacarpal|knuckle|"
    r"scaphoid|radius|ulna|humerus|cheek ?bone|eye socket)"
)
_WHICH = r"(?:(?:my|his|her|their|our|the|a|two|three|both|one|left|right|big|little|few|some|upper|lower|other) )"
_JOINT = (
    r"(?:joints?|knees?|ankles?|elbows?|wrists?|toes?|fingers?|shoulders?|hips?|"
    r"foot|feet|hands?|knuckles?|thumbs?)"
)
_TENDON = (
    r"(?:joints?|knees?|ankles?|elbows?|wrists?|toes?|shoulders?|hips?|knuckles?|thumbs?|tendons?|achilles|bursa|"
    r"ligaments?)"
)
_NOT = r"(?:not|never|no|non|without|isnt|nor|hardly)"
_AWAY = rf"(?:(?!{_NOT} |but |however )[^ .?!]+ )"  # words that may stand between, a negation excepted
_HOT = (
    r"(?:(?:hot|warm|swollen|inflamed|red(?! light| lamp| led| panel| pad| therapy|"
    r" infrared))(?: and| ,|,)?(?: very| really| all)? )"
)
_SINCE = (
    r"(?:(?:is|are|was|were|has|have|'s|got|gets|gone|went|looks?|feels?|just|still|really|suddenly|"
    r"very|all|now|so|become|turned|be|been|also|might|may|could|probably|maybe) )"
)
_OF = r"(?:my|his|her|their|the|our)"
_DEVICE = r"(?:pumps?|devices?|gadgets?|battery|batteries|box|electrodes?|wires?|machine|generator|gizmo)"
_IMPLANTED = (
    rf"implanted|(?:inside|in) {_OF} (?:chest|heart|head|brain|spine|bladder|back|body|abdomen|belly|neck)(?! pocket)|"
    rf"under {_OF} skin|(?:regulat|controll?|pac|steady|steadi|shock|monitor|keep|driv|watch)\w* {_OF} (?:heart|"
    rf"bladder)\w*"
)
_NUMBER = r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty)"
_ORDINAL = r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|last|\d(?:st|nd|rd|th))"
_SHE = (
    r"(?:i|she|we|wife|sister|daughter|girlfriend|partner|friend|woman|mum|mom|niece|cousin|aunt|auntie|fiancee|missus|"
    r"granddaughter|stepdaughter|goddaughter|neighbou?r|in law)"
)
_SUN = r"(?:(?:the|direct|strong|bright|any|too much) )*(?:sun|sunlight|sunshine|daylight|uv|uv light)"
_REACTS = (
    r"(?:react|reacts|reacted|reacting|reaction|rash|rashes|blisters?|blistering|hives|welts|sensitive|intolerant)"
)
_ANIMAL = r"(?:dogs?|cats?|horse|rat|animal|hamster|snake|monkey|fox|puppy|kitten|rabbit|ferret)"
_AGE = r"(?:\d|1[0-7]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen)"
_CHILD = (
    r"(?= (?:[.,!?;)]|can|could|has|is|have|with|and|or|son|daughter|child|boy|girl|baby|kid|use|who|to|too|for|nephew|"
    r"niece|grand\w+|toddler|in|on|had|got|'s) )"
)

_OPEN = [
    rf" (?:{WOUND}|surgery|graze|abrasion) {_AWAY}{{0,5}}(?:(?:come|coming|came|comes|fell|falling|pulled) apart|"
    r"(?:opened|open) (?:up|again)|burst(?: open)?|split open|reopened|(?:still|is|are) (?:wide )?(?:open|bleeding|"
    r"weeping|oozing|raw))(?! up to)(?= )",
    rf" (?:{WOUND}) (?:(?:is|are|has|have|does|do|did|will|can|still|that|which|just|simply|in|my|\w+ foot|\w+ leg) )*"
    r"(?:does |will |has |is |can |did |do )*not (?:yet |fully |quite |completely |properly |been |really )*"
    r"(?:closed|close|healed|healing|heal|closing)(?! quickly)(?: up| yet)?(?= )",
    rf" (?:{_ANIMAL} (?:bites?|bit (?:me|him|her|my|{_OF}))|(?:bitten|bit) by {_WHICH}{{0,2}}{_ANIMAL})(?= )",
    r" (?:stitches|sutures) (?:have |has |just |all |partly )*(?:(?:came|come|popped|fell) (?:out|apart|open|"
    r"undone)|burst|"
    r"popped|ripped|tore|split)(?! (?:last|next|on|in|tomorrow|soon|\w+ (?:days?|weeks?|months?) ago))(?: open)?(?= )",
    rf" hole {_AWAY}{{0,6}}not (?:close|closed|heal|healed|closing|healing)(?= )",
    rf" (?:cut|sliced|ripped|split|tore|torn|slit|slashed|gashed|burst) {_WHICH}{{0,3}}(?:{BODY}|it) open(?= )",
    rf" (?:{WOUND}) (?:(?:that|which|it|just|always|still|on my \w+) )*(?:keeps?|kept|is|started|"
    rf"starts) (?:re)?opening(?= )",
    rf" (?:{WOUND}) (?:(?:that|which|just|always|still) )*(?:reopens|opens (?:up|again))(?= )",
    rf" {BODY} {_SINCE}{{0,3}}(?:raw|bleeding|weeping|oozing) and (?:raw|bleeding|weeping|oozing|open)(?= )",
    rf" skinned (?:{_AWAY}{{0,4}}) ?to the bone(?= )",
]
_INFLAMED = [
    rf" {_HOT}{{2,3}}(?:{_AWAY}{{0,2}})(?:{_JOINT})(?= )",
    rf" (?:{_JOINT}|sprain|sprained) (?:,? ?{_SINCE}|{_AWAY}){{0,4}}?{_HOT}{{2,3}}(?<= )",
    r" (?:ra|arthritis|gout|bursitis|tendonitis|tendinitis|spondylitis|rheumatism) (?:(?:is|has|have|keeps|just|"
    r"really|now|again|'s|"
    r"been) )*(?:flaring|flared|acting)(?: up)?(?= )",
    r" (?:flare|flares|flare up|flareup) (?:up )?of (?:(?:my|his|her|the|our) )?(?:ra|arthritis|gout|bursitis|"
    r"tendonitis|rheumatism)(?= )",
    rf" {_TENDON} {_SINCE}{{0,4}}(?:hot|burning|on fire|blew up|blown up|flaring|flared|flares up|inflamed|ballooned)"
    r"(?! (?:under|from|during|when|while|after|with|water|air|lamp))(?: up)?(?= )",
    rf" (?:inflamed|flaring|flared up|burning|hot) {_WHICH}{{0,2}}{_TENDON}(?= )",
]
_INNER = r"(?:tooth|teeth|gums?|ears?|eyes?|throat|sinus(?:es)?|bladder|kidneys?|chest|lungs?|tonsils?|root canal)"
_INFECTED_INSIDE = [
    rf" {_INNER} (?:that |which )?{_SINCE}{{1,4}}(?:infected|septic)(?= )",
    rf" {BODY} (?:that |which )?{_SINCE}{{1,4}}infected(?= )",
    rf" infected (?:(?:my|his|her|big|little|left|right) )*{BODY}(?<!skin)(?= )",
    rf" infected (?:(?:my|his|her|wisdom|back|inner|left|right) )*{_INNER}(?= )",
]
_OOZES = [
    r" (?:green|yellow|yellowish|greenish|smelly|foul|brown) (?:stuff|goo|gunk|fluid|liquid|discharge|slime|matter|"
    r"ooze|crust) "
    rf"(?=.*\b(?:{WOUND}|graze|scratch|scrape|it|{BODY})\b)",
]
_SKIN_INFECTED = [
    rf" (?:rash|spots?|pimples?|cyst|tattoo|toenail|nail|hair follicle|skin) (?:that |which )?{_SINCE}{{1,4}}"
    r"(?:infected|septic)(?= )",
]
_FRACTURED = [
    rf" (?:broken?|fractured|shattered|snapp(?:ed|ing)|crushed|smashed|splintered|busted|chipped)"
    rf" {_WHICH}{{0,3}}{_BONE}(?= )",
    rf" (?:breaks?|cracks?|fractures?|cracked|breaking) (?:(?:in|of|to)"
    rf" )?{_WHICH}{{0,3}}{_BONE}(?<!heel)(?<!knuckle)(?<!neck)(?= )",
    rf" {_BONE} {_SINCE}{{0,4}}(?:broken?|fractured|shattered|snapped|crushed|smashed|splintered)(?! (?:out|down|"
    rf"my|the|on) )(?= )",
    rf" {_BONE}(?<!heel)(?<!knuckle)(?<!neck)(?<!heels) {_SINCE}{{1,4}}cracked(?= )",
]
_PREGNANT = [
    rf" (?:{_NUMBER}|few) (?:weeks?|months?|wks?|mths?) (?:along|gone(?! by)|preg\w*)(?= )",
    r" (?:is|am|are|be|'s|not) (?:also |now |still |no longer )?(?P<words>expecting)(?= (?:[.,!?)]|in |and |again |"
    r"so |can |"
    r"too |but |now ))",
    rf" {_SHE} (?:am|is|are|'s) (?:(?:now|on|at|about|around|only|already|almost|nearly|over|just) )*"
    rf"(?P<words>{_NUMBER}(?: \d)? ?(?:weeks?|wks?|wk|w|months?|mths?))"
    r"(?= (?:[.,!?;)-]|today|now|tomorrow|and|so|can|but|with (?:my|our|a|twins)|is|may|already|this) )",
    r"^ (?:(?:hi|hello|hey|,) )*(?P<words>(?:[4-9]|[1-3]\d|4[0-2]) [0-6] (?:weeks|wks))(?= )",
    r"^ (?P<words>(?:[4-9]|[1-3]\d|4[0-2])(?:w|wks?|weeks))(?= (?:[,.]|and|with) )",
    rf" (?:am|is|are|now|'s) in {_OF} {_ORDINAL} month(?= (?:of preg\w+|[.,!?;]|and|so|now|can|but) )",
    rf" {_SHE} (?:am|is|are|'s) due (?!in (?:[^ ]+ )?[^ ]+ (?:minutes?|hours?) )"
    r"(?:(?:in|on|around|this|next|at|by|before|early|mid|late|end of|the) \w+|"
    r"any day|soon|now)(?= )",
    rf" (?:(?:{_OF}|[^ ]+ 's) due date|baby (?:is |'s )?due|(?:my|her|our) (?:ob|obgyn|ob gyn|obstetrician|"
    rf"midwife))(?= )",
    r" (?:i|we|she|they) (?:have |has |just |finally |only |may |might |could |probably )*(?P<words>conceived)(?= )",
    r" baby (?:is |'s |keeps |has been |always )?(?:kicks|kicking|kicked|inside (?:me|her))(?= )",
]
# Perhaps a pregnancy: see `PERHAPS`.
_AWAITED = [
    r" periods? (?:is|was|'s|has been|are) (?:[^ .?!]+ ){0,4}?(?:late|overdue|missing|delayed)(?= )",
    r" (?:late|overdue) (?:for|with|on) (?:my|her) (?:period|cycle)(?= )",
    r" (?:missed|skipped) (?:my|her|a|the|one|two|our) (?:last |first |second )?periods?(?= )",
    r" (?:no|not had (?:my|her|a)) period (?:for|since|this|in|yet)(?= )",
    r" (?:trying|try|hoping|hope|want|wanting|planning|plan|would like|wish) (?:[^ .?!]+ ){0,3}?(?:get pregnant|"
    r"conceive|"
    r"for (?:a|an|another|our|my|number) (?:[^ .?!]+ )?(?:baby|child|one|two|three))(?= )",
    r" periods? (?:should (?:have|be) (?:come|started|been|here)|(?:has|have|did|does|is|"
    r"still has) not (?:yet )?(?:come|started?|"
    r"arrived?|shown|show|here)|never came)(?= )",
    r" (?:want|wanting|would like|hope for|hoping for|plan|planning) (?:to have )?(?:a|another|our \w+) (?:baby|"
    r"child)(?= (?:[.,!?;)]|"
    r"soon|now|this|next|in|and|so|but|can|is|together) )",
    r" fertility (?:programme|program|course|cycle|clinic|doctor|specialist|meds|medication|journey|process|help)(?= )",
    r" embryos? (?:(?:was|were|been|being|is|are|got|put|has|have) )*(?:transferred|transfer|implanted|put back)(?= )",
]
PERHAPS = re.compile(
    r"\b(?:conceive|ttc|ivf|iui|icsi|insemination|fertility|embryos?|periods?|cycle|trying|egg|two week wait|"
    r"(?:get|getting|become|fall) pregnant|want(?:ing)?|would like|hop\w+ for|plan(?:ning)? a|for (?:a|another|"
    r"number)|for (?:my|our) \w+ (?:baby|child))\b"
)
_LIGHT_HURTS = [
    rf" {_REACTS} {_AWAY}{{0,3}}?(?:to|in|from|after|under|by|when|with) {_AWAY}{{0,2}}?{_SUN}(?= )",
    rf" {_SUN} {_AWAY}{{0,4}}?{_REACTS}(?= )",
    rf" can not (?:go|be|sit|stay|stand|tolerate|take|bear|have)(?: out| outside| much)?(?: in| into|"
    rf" under)? {_SUN}(?= )",
    r" (?:make|makes|made|making) (?:me|him|her|us|my skin|his skin|her skin) (?:(?:so|very|more|really|too|"
    r"extremely) )*"
    r"(?:sensitive to (?:the |any )?(?:light|sun|sunlight|sunshine)|photosensitive|light sensitive)(?= )",
    rf" (?:i|skin|she|he|wife|husband) {_SINCE}{{0,3}}(?:am |badly |strongly )*(?:reacts?|reacting|sensitive|blisters) "
    r"(?:badly |strongly )?(?:to|from) (?:(?:bright|strong|any|all|every|red|artificial) )*lights?(?! therapy)(?= )",
]
_GROWS = [
    r" (?:a|my|the|his|her|new|hard|painful|small|big|strange) (?P<words>(?:lumps?|growth)) "
    r"(?=(?:in|on|under|behind|near|was|is|has|,|\.|that|which) )",
    r"(?:^| (?:an?|my|the|this|some|no|any|new|hard|weird|small|big|strange|found|have|has|tiny))"
    r" (?P<words>(?:lumps?|mass|masses|"
    rf"shadows?|growths?|nodules?)) (?:(?:which|that|is|was|growing|they|found|seen) ){{0,3}}(?:in|on|under|behind|"
    rf"near|inside) {_WHICH}{{0,3}}{BODY}(?= )",
    r" (?:am|is|'s|have|has|had|was|now|diagnosed with|it is|,) (?P<words>stage (?:[1-4]|i{1,3}|iv|one|two|three|four))"
    r"(?! (?:of|kidney|ckd|renal|ulcer|pressure|lymph\w*|sleep|heart|arthritis|osteo\w*|hypertension))(?= )",
    r" (?:having|on|had|getting|undergoing|through|finished|doing|started|starting|my|receiving|daily|during|"
    r"chemo and) "
    r"(?P<words>radiation)(?! (?:from|levels?|exposure|emi\w+|of))(?= )",
]
_FEVERISH = [
    r"(?:^| (?:have|has|had|got|running|with|my|his|her|a)) (?:a |high |body )*(?:temperature|temp) (?:of |is |"
    r"was |at |: |about |over )*"
    r"(?:3[89]|4[01]|10[0-5])(?:[.,]\d)?(?= )",
]
_DEVICE_IN = [
    rf"(?:^| (?:an?|my|some|his|her|little|small|tiny|have|has|with|got|wear|wears|metal|two|are)) (?:{_DEVICE}|"
    rf"something) "
    rf"(?:(?:that|which|is|was|were|has|been|got|sits?|placed|put|sewn|fitted|inserted|surgically|they|and|thing|"
    rf"helps?|to|i|have) ){{0,5}}"
    rf"(?:{_IMPLANTED})(?= )",
    rf" (?:an?|my|some|his|her|little|small|have|has|with|got|wear|wears) {_DEVICE} (?:that is |"
    rf"which is )?for (?:{_OF} )?"
    r"(?:heart(?! rate)|heartbeat|heart rhythm|insulin|bladder|diabetes)(?= )",
    rf" implanted (?:with )?(?:an? |my |\w+ )?{_DEVICE}(?= )",
]
_KID = (
    r"(?:(?:grand ?|step ?|god ?)?(?:sons?|daughters?|child|children|kids?)|bab(?:y|ies)|boys?|girls?|toddlers?|"
    r"infants?|nephews?|nieces?|little one)"
)
_ONLY = r"(?:(?:only|just|about|nearly|almost|now|still) )*"
_YOUNG = [
    # 'my grandson is 4', 'the boy is three years old'; weeks and months without 'old' may be a pregnancy's
    rf" {_KID} (?:is|'s|was|turned|aged) {_ONLY}(?P<words>{_AGE}(?: (?:years?|yrs?)(?: old| of age)?"
    rf"| (?:days?|weeks?|wks?|months?|mths?) old)?)(?! (?:days?|weeks?|wks?|months?|mths?|hours?|minutes?|feet|foot|ft|"
    rf"stone|cm|kg|kilos?|times|years?|yrs?|of|in|out))(?=[ ,.!?;])",
    rf" (?:he|she) (?:is|'s) {_ONLY}(?P<words>{_AGE})(?= [.,!?;])",
    rf" (?:he|she) (?:is|'s) {_ONLY}(?P<words>{_AGE} (?:years?|yrs?|days?|weeks?|wks?|months?|mths?) old)(?=[ ,.!?;])",
    r" (?:my|our|an?|his|her|the|for|on) (?P<words>(?:\d{1,2}|"
    + _AGE[3:-1]
    + r") (?:days?|weeks?|wks?|months?|mths?|mo) old)"
    + _CHILD,
    rf" (?:my|our|an?|his|her|the|for|on) (?P<words>{_AGE} (?:years?|yrs?|yr|y) (?:old|o)|(?:\d|1[0-7]) ?yo|"
    rf"{_AGE} year olds)" + _CHILD,
    r" (?:on|for|treat|treating|help|helps|can|could|may|should) (?:my|our|a|the|his|her)"
    r" (?P<words>(?:new ?born )?bab(?:y|ies))(?= )",
]

# condition, and a search in a sentence
RULES: list[tuple[str, re.Pattern[str]]] = [
    (condition, re.compile(pattern))
    for condition, patterns in [
        ("open_wound", _OPEN),
        ("acute_inflammation", _INFLAMED),
        ("acute_skin_infection", _SKIN_INFECTED),
        ("infection", _INFECTED_INSIDE),
        ("infected_wound", _OOZES),
        ("fracture", _FRACTURED),
        ("pregnancy", _PREGNANT + _AWAITED),
        ("photosensitivity", _LIGHT_HURTS),
        ("tumor", _GROWS),
        ("infection", _FEVERISH),
        ("electronic_device", _DEVICE_IN),
        ("undocumented_condition", _YOUNG),
    ]
    for pattern in patterns
]
# What makes a birth one to come, feared or unreal, where it stands in the same clause.
_AHEAD = (
    r"(?:when|whenever|once|after|until|till|before|if|unless|as soon as|soon as|by the time|provided|assuming|in case|"
    r"the (?:day|moment|minute|second|week)|(?:will|would|could|should|might|may|can)(?! (?:it|i|we|you|this|that|the|"
    r"my) )|going to|gonna|wants?|hop\w+|wish\w*|afraid|scared|fear\w*|worried|worry|not|never|nobody|almost|nearly|"
    r"pretend\w*|imagine|suppos\w+|dream\w*|let 's say|about to|due|next|soon|tomorrow|in (?:[^ ]+ ){1,2}?"
    r"(?:days?|weeks?|months?))"
)
# Another birth than that of this pregnancy: one of years ago, or of another child unless that is only just born.
_LONG_BEFORE = (
    r"(?:(?:years?|ages|long|decades?) ago|(?:in|of|on) (?:\w+ )?(?:19|20)\d\d|"
    r"last (?:time|year|baby|child|one|birth|pregnancy)|before|"
    r"back then|previous\w*|earlier|once|twice|as a teen\w*|when i was|(?:older|oldest|elder|eldest)|this one)"
)
_ANOTHER = r"(?:first|second|third|1st|2nd|3rd|other|another|number (?:one|two|three|\d))"
_LATELY = (
    r"(?:yesterday|today|tonight|just (?:had|gave|given|been|born|arrived)|this (?:morning|week|month)|last (?:night|"
    r"week|month|\w+day)|(?:\d+|an?|one|two|three|four|five|six|few|couple of) (?:hours?|days?|weeks?|months?) ago)"
)
_SOON = (
    r"(?:next|soon|tomorrow|then|until|(?:in|within) (?:[^ ]+ ){1,3}?(?:days?|weeks?|months?)|(?:in|by) (?:january|"
    r"february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|winter)|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|healthy)"
)
_ENDED = r"(?:abortion|miscarriage)(?! (?:scare|scheduled|booked|planned|appointment|consultation|date))"
BORN = re.compile(
    rf"(?:^ |[,:()-] | (?:and|but|so|because|since|now) )(?<!not )"
    rf"(?![^.?!]* {_LONG_BEFORE} )(?!(?=[^.?!]* {_ANOTHER} )(?![^.?!]* {_LATELY} ))"
    rf"(?:(?!(?:{_AHEAD}|{_LONG_BEFORE}) )[^ ,:()-]+ ){{0,8}}?"
    rf"(?P<words>(?:gave|given) birth|had (?:the|our|my|her) (?:(?:first|second|third|little) )?(?:baby|babies|twins)"
    rf"|(?<!her )(?<!our )(?<!their )(?<!'s )(?:baby (?:(?:was|has|been|just|already|now) )+(?:born|arrived|here|out)"
    rf"|baby (?:came|arrived)|(?:baby 's|baby is) (?:(?:now|already|finally|just|been) )*(?:born|here|out|arrived)"
    rf"(?![^.?!]* {_SOON} ))"
    rf"|(?:delivered|had) (?:our|my|her|a) (?:(?:healthy|first|second|third|baby|little) )*(?:son|daughter|boy|girl|"
    rf"twins)(?= (?:[.,!?]|last|on|in|yesterday|today|this|\d|two|three|a |and|just))"
    rf"|terminated (?:the|my|her) pregnancy|lost (?:the|our|my|her) (?:baby|pregnancy)|miscarried"
    rf"|(?:had|suffered|through|since|from|was|in) (?:(?:an?|my|her|the|early|medical|surgical|late|missed) )*{_ENDED}"
    rf"|{_ENDED}(?= {_LATELY} ))(?= )"
)
