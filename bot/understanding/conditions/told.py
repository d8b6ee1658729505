"""Conditions that are told as they are told every day: the waters broke, a device that shocks the heart.

Each rule is a search in ' word word ... '; see `parts` for those whose words name the condition.
"""

import re
from collections.abc import Iterator

from bot.understanding.conditions.lexicon import Hit, hit_of
from bot.understanding.conditions.words import Token, sentences
from bot.understanding.conditions.wounds import BODY

_SHE = r"(?:i|she|we|who|wife|sister|daughter|girlfriend|partner|friend|niece|mum|mom)"
_IS = r"(?:am|is|are|'s|be|being)"
_MINE = r"(?:my|his|her|their|our|the)"
_END = r"(?= (?:[.,!?;:)-]|and|or|but|so|now|today|tomorrow|this|last|next|since|can|could|may|is|with|at|already) )"
_JUST = (
    r"(?:yesterday|today|tonight|this (?:morning|afternoon|week)|last (?:night|week)|just now|"
    r"(?:an?|one|two|three|four|five|six|\d|a few|some) (?:hours?|days?) ago)"
)

# Weeks of a pregnancy; the same is said of weeks after an operation and of weeks with the light.
_WEEKS = r"(?:[4-9]|[1-3]\d|4[0-2])(?: \d)? ?(?:weeks?|wks?|wk|w)"
_OF_ELSE = (
    r"(?!.*\b(?:post|after|since|ago|surgery|op|recovery|treatments?|sessions?|course|injury|delivery|warranty|waiting|"
    r"using|into|training|old|see|seen|notic\w*|difference|change|results?|progress)\b)"
)
# As midwives write it: '27/40' of forty weeks, '27+3' weeks and days; a plus is no token.
_OF_FORTY = r"(?:(?:[4-9]|[1-3]\d|4[0-2]) / 40|(?:[1-3]\d|4[0-1]) [0-6])"  # '6 2' is a height
_NO_SCORE = (
    r"(?!.*\b(?:score[ds]?|points?|marks?|test|exam|quiz|questions?|correct|rating|rate|percent|years?|minutes?|"
    r"is \d+|equals)\b)"
)
_BABY = r"(?:(?:a|an|the|our|my|another|two|little|baby|healthy|tiny) )*(?:girls?|boys?|twins|daughter|son)"
_LINES = r"(?:two|double|2|second|faint) (?:(?:blue|pink|red|faint|clear|strong|second) )*lines?"
_PREGNANT = [
    rf" {_SHE} {_IS} (?:(?:currently|presently|at|now|about|around|already|almost|nearly|just|in) )+"
    rf"(?P<words>{_WEEKS}){_END}{_OF_ELSE}",
    rf" {_SHE} {_IS} (?:now |already |just )*(?:at|in) (?:my )?(?P<words>week (?:[4-9]|[1-3]\d|"
    rf"4[0-2])){_END}{_OF_ELSE}",
    rf" {_SHE} {_IS} (?:(?:currently|now|at|about|around|already|almost|nearly|just|over) )*(?P<words>{_OF_FORTY})"
    rf"{_END}{_NO_SCORE}{_OF_ELSE}",
    r" (?P<words>(?:[4-9]|[1-3]\d|4[0-2]) ?w ?[0-6oieas] ?d)(?= )",  # a 4 inside a word reads as an a
    rf" (?:{_IS}|currently|now) (?P<words>with child)(?! (?:locks?|seats?|benefit|care|support|safety|proof))(?= )",
    rf" (?:{_SHE} {_IS}|as|being|hi|hello|now) (?:currently |now |, )*(?P<words>(?:a |our |their )?surrogate)"
    r"(?! (?:for (?:the|sun|a)|teacher|model|marker))(?= )",
    r" (?:having|have|has|had|got|getting|gets|my|her|timing|regular|early|first|strong|mild|feel|feeling) "
    r"(?P<words>contractions)(?! (?:of|in) )(?!.*\b(?:muscles?|heart|ventricular|pvcs?|involuntary)\b)(?= )",
    rf" {_SHE} (?:have |has |am |is |'s )?(?:am|is|are|'s|went|gone|going) (?:now |already )?"
    rf"(?P<words>(?:in|into) labou?r){_END}",
    rf" (?P<words>waters? (?:have |has |just |already )*(?:broke|broken|gone)){_END}(?!.* (?:pipe|boiler|bottle|tap) )",
    r" (?:baby|bub|she|he|it|twins?) (?:is |are |'s |still |lies |lying )+(?P<words>breech|transverse|head down)(?= )",
    r" (?P<words>scan|ultrasound|sonogram|nipt|gender reveal|anatomy scan) (?=.*\b(?:it is|it was|having|expecting|"
    r"shows?|"
    rf"showed|said|saw) {_BABY} )",
    rf" {_SHE} {_IS} (?P<words>(?:having|carrying|expecting) {_BABY}){_END}",
    # What lies before somebody: 'not far from giving birth', 'weeks until I give birth'.
    r"(?! (?:when|after) ) (?:(?:not|nor|never) (?:far|long|much longer|many \w+)|days?|weeks?|months?|close|near|"
    r"due|about|ready|going|"
    r"soon|shortly|will|almost) (?:(?:now|go|off|away|from|to|of|until|till|before|i|she|we|am|is|be|being|for|my "
    r"wife|my daughter) )*"
    r"(?P<words>(?:giv(?:e|es|ing) birth|deliver(?:ing|y)? (?:my|our|the|a) (?:baby|boy|girl|child|twins)))(?= )",
    r" (?:heard|saw|seen|hear) (?:(?:the|our|my|baby|'s|baby 's) )*(?P<words>heartbeat) (?=.*\b(?:scan|ultrasound)\b)",
]
_PERHAPS_PREGNANT = [
    # How many pregnancies and births; digits between letters read as letters in longer words.
    r" (?P<words>g\d{1,2} ?p ?\d{1,2}|g[\doieas]p[\doieas][al][\doieas]\w{0,2})(?= )",
    rf"(?:^| hi| hello| hey| now| currently| at| pregnant)(?: ,)? (?P<words>{_OF_FORTY}(?: with twins)?)"
    rf"(?= (?:today|tomorrow|now|and|with|[,.]) )(?=.*\b(?:use|safe|ok|okay|baby|twins|bump|wearing|allowed)\b)"
    rf"{_NO_SCORE}{_OF_ELSE}",
    r" (?P<words>(?:my|her|wife 's|daughter 's|sister 's|growing|a) (?:(?:big|little|growing|huge|tiny) )*bump)"
    r"(?= (?:(?:is|'s|has|just|now|really|already|keeps|got|gets|so) )*(?:getting|growing|grown|grows|showing|shows|"
    r"popped|kick\w*|big|bigger|huge|enormous|round|visible|moves|moving|at \d|in the way)\b)",
    rf"^ (?:(?:hi|hello|hey|,) )*(?:currently|presently|now|already) (?:(?:at|in|about|around) )*(?P<words>{_WEEKS})"
    rf"{_END}{_OF_ELSE}",
    r" (?P<words>bump at \d{1,2} (?:weeks?|wks?|months?))(?= )",
    r" (?P<words>\d{1,2} ?dp(?:o|\d?dt))(?= )",
    rf" (?P<words>{_LINES})(?= )(?=.*\b(?:test|stick|this morning|today|yesterday|positive|yay|baby)\b|(?: !)* \. $)"
    r"(?!.*\b(?:display|screen|panel|lights?|leds?|pad|phone|tv|skin|forehead|wrinkles?)\b)",
    rf" (?P<words>{_LINES} on (?:the|my|her|a) (?:test|stick))(?= )",
    r" (?:on|start|starting|started) (?:my |her )?(?P<words>maternity leave)(?= )",
]
# What no document names and what must get no yes: a pregnancy lately lost, metal in the body.
_UNDOCUMENTED = [
    r" (?:my|have|has|had|got|with|several|few|multiple|some|these|two|three) (?P<words>aks)(?= )",
    rf" (?P<words>metal in (?:(?:my|his|her|the|left|right|lower|upper) )+{BODY})(?= )",
    r" (?:miscarriage|miscarried|stillbirth|abortion) (?:[^ .?!,]+ ){0,4}?"
    r"(?P<words>recently|yesterday|today|last (?:week|month|night)|this (?:week|month)|"
    r"(?:\d+|an?|one|two|three|four|five|six|few) (?:days?|weeks?|months?) ago)(?= )",
    r" (?P<words>i|she|we|wife|sister|daughter|girlfriend|partner|friend) (?:(?:have|has|had|just|recently) )*lost "
    r"(?:the|our|my|her|a) (?:baby|pregnancy)(?! (?:monitor|weight|fat|photos?|carrier|bottle|"
    r"belly))(?= (?:[^ .?!,]+ ){0,4}?(?:recently|yesterday|today|last (?:week|month)|"
    r"this (?:week|month)|(?:\d+|an?|two|three|four|five|six|few) (?:days?|weeks?|months?) ago) )",
    r" (?P<words>just|recently) (?:had (?:a|another|my) |had )?(?:miscarriage|miscarried|abortion|stillbirth)(?= )",
]

_DOES = (
    r"(?:shocks?|zaps?|paces?|regulates?|stead(?:y|ies)|controls?|stimulates?|restarts?|monitors?|records?|watches|"
    r"listens to|tracks|checks|measures|jolts?|drives)"
)
_ORGAN = r"(?:heart\w*|brain|nerves?|bladder|spine|stomach|pulse|blood sugar|glucose|sugar|insulin|blood pressure)"
_GADGET = (
    r"(?:implants?|chip|thing|something|wires?|patch|unit|box|machine|sensor|monitor|recorder|gadget|band|belt|vest|"
    r"plaster|one)"
)
_KIND = (
    r"(?:a|an|my|his|her|the|this|court|ordered|electronic|police|small|24|48|24h|hour|hours|hr|h|continuous|portable|"
    r"long|term|day)"
)
# A pacemaker as doctors write it, which elsewhere are parts in a million.
_PPM = r"(?!.*\b(?:water|ozone|co2|chlorine|air|levels?|concentration|pool|printer|minute)\b)"
_GOING = r"(?:going|beating|ticking|pumping|steady|regular|in (?:rhythm|time|step|check|order)|on track|alive)"
_HEART = r"(?:heart|ticker|pulse|heartbeat)"
_ON_THE_BODY = [
    rf" (?:my|his|her|their|has|have|had|got|with|a|the|dual chamber|since) (?P<words>ppm)(?= ){_PPM}",
    rf" (?P<words>ppm) (?=(?:in situ|fitted|implanted|inserted|insertion|placed|pacing|check|for) ){_PPM}",
    # 'The thing that keeps my heart going' may be a hobby: it takes a device.
    rf" (?P<words>(?:electric|electrical|electronic|battery|metal|little|tiny|small|titanium) {_GADGET}(?: (?:inside|"
    rf"in|on|under) {_MINE} \w+)? (?:that|which|to) (?:keep|keeps) {_MINE} {_HEART} {_GOING})(?= )",
    rf" (?P<words>(?:chip|wires?|box|machine|gadget|gizmo|unit|device|battery) (?:(?:inside|in|on|under) {_MINE} \w+ )?"
    rf"(?:that|which|to) (?:keep|keeps) {_MINE} {_HEART} {_GOING})(?= )",
    rf" (?P<words>(?:electric|electrical|electronic|battery) {_GADGET} (?:that|which|to|for|in) (?:{_DOES} )?{_MINE} "
    r"(?:heart|ticker|heartbeat|pulse|chest))(?= )",
    r" (?P<words>ankle (?:bracelet|tag|monitor) (?:from|by|for) (?:(?:the|my|a) )*(?:court|police|probation|"
    r"judge))(?= )",
    r" (?P<words>(?:tandem )?t : slim(?: x2)?)(?= )",
    rf"(?<!is there)(?<!pad have)(?<!it have)(?<!lamp have)(?<!panel have)(?<!phone has) "
    rf"(?:an?|my|his|her|got|with) (?P<words>(?:\w+ )?{_GADGET} (?:(?:inside|in|on|under)"
    rf" {_MINE} \w+ )?(?:that|"
    rf"which|to) (?:(?:constantly|always|can|will|electrically) )?{_DOES} {_MINE} {_ORGAN})(?= )",
    rf" (?:wear|wears|wearing|wore|carry|carries|have|has|got|with|put|on) (?:{_KIND} )+(?P<words>ankle (?:bracelet|"
    rf"monitor|"
    rf"tag)|ecg|ekg|blood pressure (?:monitor|cuff)|bp (?:monitor|cuff)){_END}(?<! an ecg)(?<! have an ekg)"
    r"(?<! my blood pressure monitor)(?<! a blood pressure monitor)",
    r" (?:wear|wears|wearing|with|have|has) (?:(?:a|an|my|his|her|the|this|small) )*(?P<words>tens (?:machine|unit|"
    r"device|"
    r"pads?|electrodes?)) (?=(?:(?:strapped|stuck|taped|running) )?(?:on|all|while|at night|during|under)\b)",
    r" (?:wear|wears|wearing) (?:(?:a|an|my|his|her|the|this|small) )*(?P<words>(?:tens|blood pressure) (?:machine|"
    r"unit|"
    r"device|monitor|pads?|electrodes?))(?= )",
]

_BONE = (
    r"(?:(?:left|right|distal|proximal|mid|shaft|of|the|my|his|her|l|r) )*(?:radius|ulna|tib fib|tibia|fibula|femur|"
    r"humerus|clavicle|scaphoid|metatarsals?|metacarpals?|malleolus|calcaneus|patella|pelvis|sacrum|vertebrae?|t\d+|"
    r"l\d|nof|hip|wrist|ankle|ribs?|toes?|fingers?|thumb|hand|foot|arm|leg|elbow|shoulder|jaw|nose|neck)"
)
_KIN = (
    r"(?:son|daughter|wife|husband|mother|father|sister|brother|child|baby|grandmother|grandfather|partner|friend|"
    r"mum|mom|"
    r"dad|boyfriend|girlfriend)"
)
_BROKEN = [
    # 'Der Arm meines Sohnes ist gebrochen', 'le bras de ma fille est cassé'.
    rf" (?P<words>{_BONE} (?:(?:of|the|my|his|her|our) )+{_KIN} (?:(?:is|are|was|has|been|also|just) )+broken)(?= )",
    rf" (?P<words>fx (?:of |to |in )?{_BONE}|{_BONE} fx)(?= )",
    r" (?:my|his|her|left|right|l|r|a|broken|broke|repaired|with) (?P<words>nof)(?= )",
    r" (?P<words>nof)(?= (?:last|in|on|repair\w*|surgery|fix\w*|pinned|pinning|yesterday|two|three|\d+) )",
]

_BURNT = (
    rf" (?P<words>(?:burnt|burned|scalded) (?:(?:my|his|her|left|right|whole|own) )+{BODY})(?= )"
    r"(?!.*\b(?:suns?|sunbed|sunbathing|tanning|beach)\b)"
)
_BADLY = (
    r"(?:badly|bad|severely|boiling|oil|stove|oven|hob|kettle|iron|acid|bleach|flames?|fire|steam|blister\w*|raw|grill|"
    r"fat|grease|pan|hot water|tea|coffee|soup)"
)
_OFF = r"(?:came|come|coming|ripped|torn|tore|scraped|rubbed|fell|fallen|burnt|burned|taken|gone|sliced)"
_SCRATCHED = r"(?:scratched|scratches|clawed|picked|rubbed|chafed|scraped)"
_OPEN = r"(?:(?:it|them|they|all|both|until|till) )*(?:open|bloody|raw|bled|bleed)"
_ITCHY = rf"(?:bites?|spots?|scabs?|skin|rash|itch|pox|pimples?|it|them|{BODY})"
_WOUNDED = [
    rf"{_BURNT}(?=.* {_BADLY} )",
    rf" (?P<words>skin (?:(?:has|just|all|is|was|simply|then) )*{_OFF} off)(?= )",
    r" (?P<words>(?:took|taken|tore|torn|ripped|scraped|rubbed|burnt|burned|lost) (?:(?:all|half|some|of|top|layer) )*"
    r"(?:the|my|his|her) skin (?:off|on))(?= )(?! (?:the|a) (?:chicken|fish|salmon|potato\w*|fruit|milk|drum))",
    rf" (?P<words>{_ITCHY} (?:(?:that|which|are|is|was|were|i|have|has|he|she|been) )*{_SCRATCHED} {_OPEN})(?= )",
    rf" (?P<words>{_SCRATCHED} (?:(?:my|his|her|the|all|some|mosquito|insect|old|a) )*{_ITCHY} {_OPEN})(?= )",
]
_TEETH = (
    r"(?:(?:wisdom|back|front|my|his|her|a|an|the|two|three|all|four|both|one|infected|bad|milk) )*"
    r"(?:tooth|teeth|molars?|wisdoms)"
)
# Incision and drainage; '&' is no token, and 'I'd' is another one.
_DRAINED = (
    r" (?:had|having|after|post|underwent|an|the|recent|for) (?P<words>i d)(?= (?:of|on|yesterday|today|last|this|two|"
    r"three|\d+|done|site|wound|drainage|[.,]) )"
)
_PULLED = r"(?:(?:was|were|been) )?(?:out|pulled|extracted|removed|taken out)"
_GAP = r"(?:[^ .?!,]+ ){0,4}?"
_EXTRACTION = r"(?:tooth|teeth|dental) extractions?"
_OPERATED = r"(?:surgery|operation|op|c section|caesarean|cesarean)"
_LATELY = rf"(?:{_JUST}|(?:an?|one|two|three|[123]) weeks? ago)"
_PERHAPS_WOUNDED = [
    _DRAINED,
    rf"{_BURNT}(?!.* {_BADLY} )(?!.*(?<!not )(?<!not yet )(?<!not fully )(?:healed|fine now) )",
    rf" just (?P<words>(?:had|got|have) {_TEETH} {_PULLED})(?= )",
    rf" (?P<words>{_TEETH} {_PULLED})(?= {_GAP}{_JUST} )",
    rf" {_JUST} {_GAP}(?P<words>{_TEETH} {_PULLED})(?= )",
    rf" (?:just|fresh|recent|{_JUST}) {_GAP}(?P<words>{_EXTRACTION})(?= )",
    rf" (?P<words>{_EXTRACTION})(?= {_GAP}{_JUST} )",
    rf" (?<! no )(?<!doctor 's )(?<! doctors )(?<! gp )(?<! at )(?<! at the )(?<! to the )(?<! at my )(?<! in the "
    rf")(?P<words>{_OPERATED})(?= (?:was |on \w+ )?{_LATELY} )",
    rf" {_LATELY} (?:i |she |he )(?:had|have) (?:(?:a|an|my|the) )?(?:\w+ )?(?P<words>{_OPERATED})(?= )",
]

# Of what was spoken of before: 'it is infected', 'it got infected again'.
_INFECTED = [
    r" (?:it|this|that|they) (?:is|are|was|were|got|has|have|looks?|seems?)(?: (?:now|not|no longer|badly|a bit|"
    r"still|all|"
    r"got|become|again|really|slightly|been))* (?P<words>infected)(?! (?:with|by) (?:a |the )?(?:virus|malware))(?= )"
]
_UNSURE = "unsure"
# condition, status where the words themselves decide it, search
_RULES = [
    (condition, stance, re.compile(pattern))
    for condition, stance, patterns in [
        ("pregnancy", "", _PREGNANT),
        ("pregnancy", _UNSURE, _PERHAPS_PREGNANT),
        ("undocumented_condition", "", _UNDOCUMENTED),
        ("electronic_device", "", _ON_THE_BODY),
        ("fracture", "", _BROKEN),
        ("infection", "", _INFECTED),
        ("open_wound", "", _WOUNDED),
        ("open_wound", _UNSURE, _PERHAPS_WOUNDED),
    ]
    for pattern in patterns
]
# German counts with a dot, which elsewhere ends a sentence: 'ist im 5. Monat', 'bin in der 20. Woche'.
_COUNTED = re.compile(
    r" (?:am|is|i|wife|sie) (?:(?:schon|jetzt|erst|bereits|mittlerweile|i) )*(?P<words>(?:im|i am|in the)"
    r" (?:\d{1,2} \.|"
    r"dritten|vierten|funften|sechsten|siebten|achten|neunten) (?:monat|woche|ssw))"
    r"(?= (?:[.,!?;)-]|and|but|darf|kann|ist|is|noch|schwanger) )"
)


def told(tokens: list[Token]) -> Iterator[Hit]:
    """The conditions that the sentences of a message tell so."""
    for text, places in sentences(tokens):
        for condition, stance, rule in _RULES:
            for match in rule.finditer(text):
                yield hit_of(condition, text, places, *match.span("words"))._replace(stance=stance)
    whole = " " + "".join(t.text + " " for t in tokens) + ". "
    numbers = [0, *(n for n, t in enumerate(tokens) for _ in t.text + " "), len(tokens) - 1, len(tokens) - 1]
    for match in _COUNTED.finditer(whole):
        yield hit_of("pregnancy", whole, numbers, *match.span("words"))
