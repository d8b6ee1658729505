"""Longer terms to which a condition's word belongs without meaning that somebody has it."""

from bot.understanding.conditions.wounds import BODY

# The word belongs to a longer term. (first words of the phrase, what follows it)
COMPOUNDS = [
    (r"tumou?r", r"nec?k?ros\w*"),
    (r"wounds?", r"(?:healing|repair|care|up|around|round|down|tight|tightly)\b"),
    (
        r"pregnant",
        r"(?:pause|silence|moment|with (?:meaning|possibilit|success|surprises?|ideas?|promise|hope|significance|"
        r"expectation|opportunit|danger|potential|tension|emotion|symbolism))",
    ),
    (r"infectious", r"(?:laugh|smile|enthusiasm|energy|mood)"),
    (r"infections?", r"control\b"),
    (
        r"fractures?",
        r"(?:in|of) (?:your|his|her|the|my|our|their|this) (?:logic|argument|story|reasoning|society|party)",
    ),
    (r"still bleeding", r"edge\b"),
    (
        r"open wounds?",
        r"(?:for|of|in) (?:our|my|the|this|his|her|their|a) (?:family|country|nation|society|marriage|town|"
        r"relationship|history|city|soul|heart|people|community|company)\b",
    ),
    (
        r"cancer",
        r"(?:on|of|in) (?:(?:our|the|this) )?(?:office|team|club|party|church|town|village|society|world|soul|"
        r"economy|nation|community|company|industry|"
        r"internet|politics)\b",
    ),
    (r"fever", r"(?:pitch|dream)|of (?:the )?(?:\w+ )?(?:cup|season|sales|election|match|festival|gold rush)\b"),
    (
        r"two pink lines",
        rf"(?:on|across|down|between) (?:(?:my|his|her|the|your|left|right) )*(?:{BODY}|cheeks?|brows?|panel|pad)\b",
    ),
    (r"stabbed", r"(?:me|him|her|us|them|\w+) in the back\b(?! with)"),
    (r"septic", r"(?:tanks?|systems?|pits?|sewage)\b"),
    (r"(?:hearing|cochlear) implant|hearing aids?", r"(?:batteries (?:for sale|are sold)|compatib)"),
    (r"bcc", r"(?:me|my|him|her|them|us|you|in|the|everyone|field|line|copy|email)\b"),
    (r"boils?", r"(?:down|over|the|water|an?|eggs?|it)\b"),
    (
        r"electronic devices?",
        r"(?:, )?(?:like|such as)?(?: (?:a|my|the))* ?(?:phones?|mobiles?|laptops?|"
        r"tvs?|computers?|tablets?)\b",
    ),
    (
        r"shingles?",
        r"(?:(?:has|have|had|have been|really|badly) )*(?:left|damaged|hurt|wrecked|ruined|affected)\b|(?:last|"
        r"vaccin\w*|"
        r"jab|shot|injection|nerve|neuralgia|scars?|\w+ (?:years?|months?) ago|years? ago|in \d{4}|"
        r"(?:on|off|from) (?:the|my|our|a) (?:\w+ )?(?:roof|shed|barn|house|cottage|garage))\b",
    ),
    (r"cold sores?", rf"(?:and \w+ )?(?:{BODY}|muscles?|joints?|throat|hands|feet)\b"),
    (
        r"fractured|fractures?",
        r"(?:(?:our|the|my|his|her|their|this|a|whole|already|entire) )*(?:family|families|country|party|society|"
        r"marriage|"
        r"friendships?|teams?|community|relationships?|trust|peace|church|group|company|club|nation|union|bond|"
        r"coalition|"
        r"market|sleep|attention|english|spanish|french|german|narrative)\b",
    ),
    (r"carrying .*(?:baby|child)", r"(?:around|about|up|down|upstairs|all|on|in (?:a|the|my)|to|seat|bag|carrier)\b"),
    (r".*conceived", r"(?:of|the (?:idea|plan|design|project)|this|a (?:plan|design|new)|it as|an idea)\b"),
    (
        r"expecting (?:my|our|a) .*",
        r"(?:orders?|pads?|panels?|parcels?|delivery|deliveries|packages?|payments?|invoice|pay ?check|wages|salary|"
        r"visitors?|"
        r"guests?|results?|refund|shipment|call|batch|lamp|mask|belt|mat)\b",
    ),
    (
        r"(?:implanted )?defib\w*",
        r"(?:(?:is|hangs|hanging|mounted|kept|we have|there) )*(?:in|at|on|outside|of|for) (?:the|our|my|your|a|this|"
        r"every) (?:\w+ )?(?:office|gym|village|wall|phone box|school|station|club|work|workplace|lobby|hall|building|"
        r"town|shop|pub|reception|ambulance|church|pool)\b",
    ),
    (r"heart monitors?", r"(?:on|of|in) (?:the|our|my|your|a|this) (?:\w+ )?(?:treadmill|bike|rower|cross trainer)\b"),
    (
        r"hot spots?",
        r"(?:on|of|in|from) (?:the|my|your|our) (?:\w+ )?(?:phone|mobile|panel|lamp|mat|pad|router|car|train|map|"
        r"laptop)\b",
    ),
    (
        r"(?:.*trimester)",
        r"(?:of|at|in) (?:(?:the|my|our|this) )?(?:school|university|college|uni|academic|course|term|year)\b",
    ),
    (
        r".*(?:show|showing)",
        r"(?:(?:any|some|the|first|real|more|good|my|his|her|our|a|an) )*(?:signs?|symptoms?|results?|improvements?|"
        r"wear|it|him|her|them|people|others|friends?|customers?|effects?|benefits?|changes?|progress|interest|how|"
        r"that|"
        r"\w+ (?:signs?|symptoms?|results?))\b",
    ),
    (r"pgp", r"(?:keys?|encrypt\w*|sign\w*|e?mails?|public|fingerprint)\b"),
    (r"malignant", r"(?:narcissis\w+|code|software|neglect|gossip|influence)\b"),
    (r"open cuts?", r"(?:mine|mining)\b"),
    (
        r"deep cuts?",
        r"(?:in|to) (?:(?:the|our|my|his|public|school) )*(?:budgets?|spending|prices?|staff|services|jobs|funding)\b",
    ),
    (
        r"(?:toddler|newborn|teenager|infant|my child|my kid|children)",
        r"(?:(?:has|have|just|had|had just) )*(?:had|took|grabbed|got hold|hit|pressed|typed|stole|woke|sat on|"
        r"bashed|nicked) "
        r"(?:of )?(?:the|my|send|up|it|this|me)\b",
    ),
    (r"(?:my )?(?:ob|midwife|obstetrician)", r"(?:course|training|school)"),
    (
        r"(?:flu|influenza|covid|pneumonia|hepatitis|tuberculosis|measles|mumps|malaria|tb|mpox|"
        r"monkeypox|rubella|typhoid|dengue|diphtheria|tetanus|rabies|cholera|yellow fever|encephalitis|meningitis|"
        r"rsv|rotavirus|whooping cough|polio|zika|chikungunya|anthrax|hpv)",
        r"(?:(?:and|or|,) (?:\w+ ){1,2}?)?(?:jabs?|shots?|vaccin\w*|injection|booster|season)\b",
    ),
    (
        r"(?:new|titanium|metal|artificial|ceramic) (?:hips?|knees?)",
        r"(?:pads?|braces?|belts?|straps?|wraps?|cushions?|supports?|sleeves?)\b",
    ),
    # Short words and everyday ones with another meaning.
    (r"eats? for two|eating for two", r"(?:people|persons?|hours|days|weeks|months|years|adults)\b"),
    (
        r"(?:my|her|his|our|their) due date",
        r"(?:for|of|on) (?:(?:my|the|our|her|his|this|a) )*(?:tax|rent|bill|payment|essay|thesis|project|invoice|"
        r"return|library|"
        r"book|loan|assignment|report|mortgage|visa|homework|paper|instalment|insurance|licence)",
    ),
    (r"(?:.* )?with child", r"(?:locks?|seats?|benefit|care|support|safety|proof)"),
    (r".* with \w+ child", r""),
    (r"aip", r"(?:diet|protocol|recipes?|food|friendly|compliant|reintroduction)\b"),
    (r"aml", r"(?:check|rules|training|regulation|compliance|law)"),
    (r"(?:has|have|had|got) a cast", r"(?:of\b|iron|list|member)"),
    (r"in a cast", r"(?:of\b|iron)"),
    (r"mets (?:to|in)", r"(?:win|the (?:final|world|play)|new york|queens)"),
    (r"tb", r"(?:of|drives?|ssds?|discs?|disks?|storage|hard|memory)\b"),
    (r"thrush", r"(?:birds?|sings?|sang|singing|song|nest)\b"),
    (r"strep", r"(?:tease)"),
    (r"(?:with|for|my) ms", r"(?:office|word|excel|teams|windows|paint|access|outlook|project)\b"),
    (r"verruca|warts?", r"(?:and all)\b"),
    (
        r"(?:get|become|fall|getting|becoming) pregnant",
        r"(?:again )?(?:some ?day|one day|in (?:\d+|a few|some|two|three|four|five|ten|several|many) years|"
        r"later in life)\b",
    ),
    (
        r"cancer",
        r"(?:horoscope|zodiac|season|sign\b|star|rising|sun sign|research\b(?! (?:trial|study|nurse|patient))|charity)",
    ),
]
# The same from the front: (what goes before, the phrase).
PRECEDED = [
    (r"(?:roof|roofing|cedar|wooden|asphalt|slate|replac\w+(?: the)?|loose|missing) ", r"shingles?"),
    (r"canis ", r"lupus"),
    (r"tropic of ", r"cancer"),
    (r"(?:cable|knit|knitting|purl|cross|crochet|embroidery|sewing|dropp?\w*(?: an?| some)?) ", r"stitch(?:es)?"),
    # What is only compared: 'like botox would', 'cheaper than fillers'.
    (
        r"(?:like|than|as|versus|vs|or|instead of|rather than|compared (?:to|with)|alternatives? to|replace|replaces|"
        r"without|the same as|similar to|equal to|beat|beats)(?: (?:a|an|having|getting|my|the|good|proper|effective|"
        r"as))* ",
        r"botox|fillers?|laser resurfacing|chemical peel|microneedling|steroid (?:cream|injection)s?|tretinoin|"
        r"retinoids?",
    ),
    (r"(?:in|to|from|near|visit) ", r"baha"),
    (r"\d+ ", r"tb"),
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
        r"shingles?|(?:herpes )?zoster",
    ),
    (
        r"\b(?:patience|trust|relationship|society|party|peace|team|community|ego|faith|confidence) (?:is|was|feels) ",
        r"fractured",
    ),
    (r"(?:to|water|kettle|eggs?|(?:to|on|off) the) ", r"boils?"),
    (r"spread\w* like (?:an?|the|some) (?:\w+ )?", r".*"),
    (
        r"(?:allerg\w+|intoleran\w+|sensitive|sensitivity|react\w*|reaction) to (?:\w+ |, ){0,4}",
        r"\w*(?:cillin|mycin|cycline|prim|oxacin|furantoin)|augmentin|(?:co )?amoxiclav|macrobid|cef\w+",
    ),
    (r"(?:laughing|laughed|had us|had me|were|was|us|me) in ", r"stitches"),
    (
        r"(?:emotional|psychological|mental|reopen\w*(?: the| an)? old|old family|"
        r"lick\w*(?: my| his| her)?) ",
        r".*wounds?",
    ),
]
