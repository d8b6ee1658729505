"""The little words of other languages as English ones, so that a denial in them is one, too.

Only words that decide who has a condition and whether: 'nicht', 'meine Frau', 'no tengo'. The conditions themselves
are phrases of the lexicon, in whatever language.
"""

import re
from collections.abc import Collection, Mapping
from itertools import groupby

from bot.understanding.conditions.words import Token, fold, word_set

# English word: what stands for it in each language. Verbs are of the first person where the pronoun is left out.
_WORDS = {
    "de": """
        i: ich | me: mir mich | my: mein meine meinen meinem meiner meines unser unsere | am: bin | is: ist | have: habe
        hab haben | has: hat | had: hatte | was: war wurde | wear: trage trägt | not: nicht | no: kein keine keinen
        keinem keiner keinerlei | without: ohne | never: nie niemals | neither: weder | and: und | or: oder | but: aber
        sondern | maybe: vielleicht möglicherweise | the: der die das den dem des ein eine einen einem einer | no
        longer: mehr | women: frauen | wife: frau ehefrau | husband: mann ehemann | mother: mutter mama mutti | father:
        vater papa | sister: schwester | brother: bruder | daughter: tochter | son: sohn | child: kind | wound: wunde
        wunden | open: offen offene offenen | deep: tief tiefe tiefen | superficial: oberflächliche | infected:
        infiziert infizierte infizierten entzündet | pus: eiter eitert | bleeding: blutet | broken: gebrochen gebrochene
        gebrochener gebrochenes gebrochenen | leg: bein | wrist: handgelenk | ankle: knöchel sprunggelenk | toe: zeh
        zehe | foot: fuß | rib: rippe | hip: hüfte | shoulder: schulter | bone: knochen | knee: knie | nose: nase |
        swollen: geschwollen | hot: heiß | having: gehabt |
        broken: brach bricht brachen angebrochen angebrochene gebrochenem | elbow: ellenbogen ellbogen | collarbone:
        schlüsselbein | jaw: kiefer | pelvis: becken | skull: schädel | vertebra: wirbel | thumb: daumen | forearm:
        unterarm | arm: oberarm | leg: unterschenkel oberschenkel | rib: rippen | toe: zehen | heel: ferse |
        tailbone: steißbein | foot: fuss füße | son: sohnes sohnemann | grandmother: oma großmutter | grandfather:
        opa großvater | aunt: tante | uncle: onkel
    """,
    "es": """
        i: yo | my: mi mis | i am: estoy soy | is: está es | i have: tengo llevo padezco | has: tiene lleva | had: tuve
        tenía | really: estado | not: no | without: sin | never: nunca jamás | nor: ni | any: ningún ninguna ningunos |
        and: y e | or: o u | but: pero sino | maybe: quizás quizá tal | the: el la los las un una del | women: mujeres |
        wife: mujer esposa | husband: marido esposo | mother: madre mamá | father: padre papá | sister: hermana |
        brother: hermano | daughter: hija | son: hijo | baby: bebé | wound: herida heridas | open: abierta abiertas |
        deep: profunda profundas | infected: infectada infectadas infectado | bleeding: sangra | broken: roto rota rotos
        fracturado fracturada | arm: brazo | leg: pierna | wrist: muñeca | ankle: tobillo | finger: dedo | foot: pie |
        rib: costilla | hip: cadera | shoulder: hombro | hand: mano | bone: hueso | knee: rodilla | nose: nariz |
        superficial: superficial | have: he ha | having: tenido |
        broken: rompió rompí rompe rompieron quebró quebré quebrada quebrado fracturó fracturados partió partí
        partida partido fisurada rotas | elbow: codo | collarbone: clavícula | forearm: antebrazo | thumb: pulgar |
        jaw: mandíbula | femur: fémur | fibula: peroné | skull: cráneo | vertebra: vértebra | rib: costillas | finger:
        dedos meñique | bone: huesos | spine: columna | grandmother: abuela | grandfather: abuelo | boyfriend: novio |
        girlfriend: novia | aunt: tía | uncle: tío
    """,
    "fr": """
        i: je j | my: mon ma mes | am: suis | is: est | have: ai porte | has: a | had: avais | really: été | not: pas |
        no: aucun aucune | without: sans | never: jamais | nor: ni | and: et | or: ou | but: mais | maybe: peut-être |
        the: le la les l un une des du de d | no longer: plus | women: femmes | wife: femme épouse | husband: mari époux
        | mother: mère maman | father: père papa | sister: soeur sœur | brother: frère | daughter: fille | son: fils |
        child: enfant | baby: bébé | wound: plaie plaies blessure | open: ouverte ouvertes | deep: profonde profondes |
        infected: infectée infectées infecté | bleeding: saigne | broken: cassé cassée | arm: bras | leg: jambe | wrist:
        poignet | ankle: cheville | finger: doigt | toe: orteil | foot: pied | rib: côte | hip: hanche | shoulder:
        épaule | hand: main | bone: os | knee: genou | nose: nez | superficial: superficielle | having: eu |
        broken: cassés cassées casse fracturée fracturer brisé brisée fêlé fêlée | elbow: coude | collarbone:
        clavicule | thumb: pouce | jaw: mâchoire | pelvis: bassin | femur: fémur | fibula: péroné | skull: crâne |
        vertebra: vertèbre | rib: côtes | toe: orteils | finger: doigts | bone: os | shin: tibia | grandmother:
        grand-mère mamie | grandfather: grand-père papi | aunt: tante | uncle: oncle
    """,
    "it": """
        i: io | my: mio mia miei mie | i am: sono | i have: ho porto | has: ha | had: avevo | really: stata stato mai |
        not: non | without: senza | nor: né | any: nessun nessuna | and: e ed | or: o | but: ma però | maybe: forse |
        the: il lo la gli le un uno una del della dello l | no longer: più | women: donne | wife: moglie | husband:
        marito | mother: madre mamma | father: padre papà | sister: sorella | brother: fratello | daughter: figlia |
        son: figlio | child: bambino bambina | wound: ferita ferite | open: aperta aperte | deep: profonda profonde |
        infected: infetta infette infettata | bleeding: sanguina | broken: rotto rotta fratturato | arm: braccio | leg:
        gamba | wrist: polso | ankle: caviglia | finger: dito | foot: piede | rib: costola | hip: anca | shoulder:
        spalla | hand: mano | bone: osso | knee: ginocchio | nose: naso | superficial: superficiale | having: avuto |
        broken: rotti rotte ruppe rompe fratturata fratturati fratturate spezzato spezzata incrinato incrinata | elbow:
        gomito | collarbone: clavicola | rib: costole | thumb: pollice | jaw: mandibola | pelvis: bacino | femur:
        femore | fibula: perone | skull: cranio | finger: dita mignolo | toe: alluce | forearm: avambraccio | ankle:
        malleolo | hand: mani | bone: ossa | grandmother: nonna | grandfather: nonno | boyfriend: fidanzato |
        girlfriend: fidanzata | aunt: zia | uncle: zio
    """,
    "pt": """
        i: eu | my: meu minha meus minhas | i am: estou sou | is: está | i have: tenho uso | has: tem | had: tive |
        really: estive | not: não | without: sem | never: nunca jamais | nor: nem | any: nenhum nenhuma | and: e | or:
        ou | but: mas | maybe: talvez | the: o a um uma da | no longer: mais | women: mulheres | wife: esposa mulher |
        husband: marido esposo | mother: mãe | father: pai | sister: irmã | brother: irmão | daughter: filha | son:
        filho | child: criança | baby: bebê bebé | wound: ferida feridas ferimento | open: aberta abertas aberto | deep:
        profunda profundas profundo | infected: infectada infectadas infectado infeccionada | broken: quebrado quebrada
        partido partida quebrei | arm: braço | leg: perna | wrist: pulso punho | ankle: tornozelo | finger: dedo | foot:
        pé | rib: costela | hip: quadril | shoulder: ombro | hand: mão | bone: osso | knee: joelho | nose: nariz |
        superficial: superficial | having: tido |
        broken: quebrou quebramos quebrados fraturou fraturei fraturado fraturada fracturou fracturei fracturado
        fracturada partiu parti partidos partidas rachou trincou trincada trincado | elbow: cotovelo | collarbone:
        clavícula | rib: costelas | thumb: polegar | jaw: mandíbula maxilar | pelvis: bacia | femur: fêmur | skull:
        crânio | vertebra: vértebra | finger: dedos mindinho | hip: anca | forearm: antebraço | heel: calcanhar | bone:
        ossos | grandparent: avó avô vovó vovô | boyfriend: namorado | girlfriend: namorada | aunt: tia | uncle: tio
    """,
    "nl": """
        i: ik | my: mijn | am: ben | have: heb | has: heeft | was: werd | wear: draag | not: niet | no: geen | without:
        zonder | never: nooit | and: en | nor: noch | but: maar | maybe: misschien | the: de het een | no longer: meer |
        women: vrouwen | wife: vrouw echtgenote | husband: man echtgenoot | mother: moeder | father: vader | sister: zus
        zuster | brother: broer | daughter: dochter | son: zoon | child: kind | wound: wond wonden | deep: diep diepe |
        infected: geïnfecteerd geïnfecteerde ontstoken | broken: gebroken | wrist: pols | ankle: enkel | finger: vinger
        | toe: teen | foot: voet | leg: been | hip: heup | shoulder: schouder | bone: bot | nose: neus | knee: knie |
        superficial: oppervlakkige | having: gehad |
        her: haar | broken: brak breekt braken | elbow: elleboog | collarbone: sleutelbeen | rib: ribben | thumb: duim |
        jaw: kaak | pelvis: bekken | skull: schedel | vertebra: wervel | toe: tenen | finger: vingers | foot: voeten |
        forearm: onderarm | arm: bovenarm | bone: botten | grandmother: oma | grandfather: opa | aunt: tante |
        uncle: oom
    """,
    "pl": """
        i: ja | my: mój moja moje mojego mojej | i am: jestem | is: jest | i have: mam noszę | has: ma | had: miałam
        miałem | really: byłam byłem nigdy | not: nie | without: bez | nor: ani | any: żadnego żadnej żadnych | and: i
        oraz | or: lub albo | but: ale | maybe: może | no longer: już | women: kobiety kobiet | wife: żona żony |
        husband: mąż | mother: matka mama | father: ojciec tata | sister: siostra | brother: brat | daughter: córka |
        son: syn | child: dziecko | wound: rana rany ranę | open: otwarta otwarte otwartą | deep: głęboka głęboką |
        infected: zakażona zakażoną zainfekowana | broken: złamana złamany złamane złamaną złamałam złamałem | arm: ręka
        rękę | leg: noga nogę | wrist: nadgarstek | ankle: kostka kostkę | finger: palec | foot: stopa stopę | rib:
        żebro | hip: biodro | shoulder: bark | bone: kość | knee: kolano | nose: nos |
        broken: złamał złamała złamali złamało połamał połamała połamałam połamałem połamane połamaną pękł pękło pękła
        pęknięta pęknięte pęknięty pękniętą złamanym | elbow: łokieć | collarbone: obojczyk | rib: żebra | thumb: kciuk
        | jaw: szczęka szczękę | pelvis: miednica miednicę | vertebra: kręg | spine: kręgosłup | finger: palca palce |
        arm: ręki | leg: nogi | wrist: nadgarstka | ankle: kostki | bone: kości | grandmother: babcia | grandfather:
        dziadek | son: syna | daughter: córki | husband: mąż męża | aunt: ciocia | uncle: wujek
    """,
    "ru": """
        i: я | me: меня мне | my: моя мой моей моего мою моему наш наша | have: есть | not: не | no: нет | without: без
        | nor: ни | and: и | or: или | but: но | had: был была было | really: никогда | any: никакого никакой никаких |
        no longer: уже больше | maybe: возможно | women: женщины женщинам женщин | wife: жена жены жене жену | husband:
        муж мужа мужу | mother: мать мама мамы маме матери | father: отец папа отца | sister: сестра сестры | brother:
        брат брата | daughter: дочь дочка дочери | son: сын сына | child: ребёнок ребенок | wound: рана рану раны |
        open: открытая открытую открыта | deep: глубокая глубокую | infected: инфицированная инфицированную воспалилась
        | pus: гной гноится | broken: сломал сломала сломана сломан сломанная сломано | arm: рука руку | leg: нога ногу
        ноги | wrist: запястье | ankle: лодыжка лодыжку | finger: палец | foot: стопа стопу | rib: ребро | hip: бедро |
        shoulder: плечо | bone: кость | knee: колено | nose: нос |
        broken: сломали сломалась сломался сломаны сломанной сломанную сломанный поломал поломала сломано треснуло
        треснула | elbow: локоть локтя | collarbone: ключица ключицу | rib: рёбра ребра | finger: пальцы пальца | jaw:
        челюсть | hip: бедра бедре | pelvis: таз | spine: позвоночник | vertebra: позвонок | hand: кисть | arm: руки |
        heel: пятку | neck: шейку шейка | grandmother: бабушка бабушки | grandfather: дедушка дедушки |
        shoulder: плеча | child: ребёнка ребенка ребенку | aunt: тётя тетя тёти тети | uncle: дядя дяди
    """,
    "tr": """
        i: ben benim | me: bana beni | not present: değilim değil değiliz değildir yok yoktur | and: ve | or: veya ya
        | but: ama fakat ancak | maybe: belki | without: olmadan | really: hiç | women: kadınlar kadınların | wife:
        karım karımın hanımım | husband: kocam kocamın | partner: eşim eşimin eşime | mother: annem annemin anneme |
        father: babam babamın babama | sister: ablam kızkardeşim ablamın | brother: abim ağabeyim | daughter: kızım
        kızımın | son: oğlum oğlumun | child: çocuğum çocuğumun | baby: bebeğim | grandmother: büyükannem babaannem
        anneannem | grandfather: dedem büyükbabam | wound: yara yaram yaralar | open: açık | deep: derin | infected:
        enfekte iltihaplı |
        broken: kırık kırıldı kırdı kırdım kırmış kırılmış çatladı çatlamış | arm: kolum kolunu kolumu kolunun | leg:
        bacağım bacağını bacağı bacağımı | wrist: bileğim bileğini bileğimi bileği | foot: ayağım ayağını ayağımı ayağı
        | finger: parmağım parmağını parmağımı parmağı | rib: kaburgam kaburgasını kaburgası | hip: kalçası kalçasını
        kalçamı kalçam | shoulder: omzunu omzum omzumu | collarbone: köprücük | aunt: teyzem halam | uncle: amcam dayım
    """,
    "ar": """
        i: أنا انا | i am not: لست | i have: لدي عندي لدى أعاني | not: ليس ليست لا لم ما مش غير | no: بلا | without:
        بدون | and: و | or: أو او | but: لكن ولكن | maybe: ربما | women: نساء النساء | wife: زوجتي | husband: زوجي |
        mother: أمي امي والدتي | father: أبي ابي والدي | sister: أختي اختي | brother: أخي اخي | daughter: ابنتي بنتي |
        son: ابني | child: طفلي | wound: جرح الجرح | open: مفتوح | deep: عميق | infected: ملتهب متقيح |
        broken: مكسور مكسورة مكسوره انكسر انكسرت كسرت | arm: يد يدي يده يدها ذراع ذراعي ذراعه ذراعها | leg: ساق ساقي
        ساقه ساقها رجلي رجله رجلها | wrist: معصم معصمي معصمه معصمها | ankle: كاحل كاحلي كاحله كاحلها | finger: اصبعي
        إصبعي اصبعه إصبعه | foot: قدم قدمي قدمه قدمها | rib: ضلع | hip: ورك وركي وركه وركها | shoulder: كتف كتفي كتفه
        كتفها | bone: عظم | aunt: عمتي خالتي | uncle: عمي خالي | grandmother: جدتي | grandfather: جدي
    """,
}
# Chinese is written without spaces: a word of one character or several, and what they are in English, in turn.
_CHINESE_WORDS = """
    是不是: maybe | 有没有: maybe | 能不能: can | 会不会: can | 没有: not have | 没: not | 不是: not
    is | 不: not | 无: no | 未: not | 我: i | 我的: my | 老婆: wife | 妻子: wife | 太太: wife |
    丈夫: husband | 老公: husband | 妈妈: mother | 母亲: mother | 爸爸: father | 父亲: father |
    姐姐: sister | 妹妹: sister | 哥哥: brother | 弟弟: brother | 奶奶: grandmother | 外婆: grandmother |
    爷爷: grandfather | 外公: grandfather |
    女儿: daughter | 儿子: son | 孩子: child | 和: and | 或: or | 但: but | 可能: maybe | 妇女:
    women
"""
_TABLES = {
    language: {
        fold(word): " ".join(english.split())
        for english, _, said in (entry.partition(":") for entry in words.split("|"))
        for word in said.split()
    }
    for language, words in _WORDS.items()
}
_CHINESE = {
    said.strip(): english.split() for said, _, english in (entry.partition(":") for entry in _CHINESE_WORDS.split("|"))
}
# Of these, two at least tell a language: many languages have them, or they are names.
_WEAK = word_set(
    "der den des mann bin mi mis es la le los las un una da de ma mes mari ou et fils cote eu tem um mas mais pai "
    "mao dedo "
    "ja ale brat syn nos tal ni sino mano io il gli mio mia mie del piu anca naso ho non ed ben een en bot het "
    "maar noch "
    "mehr tief nie nez pas uso meer frau roto rota yo os mon sans sono ve "
    "ama ya ben esim karim hic tia tio zia zio oom tante opa mamie papi nonna nonno rompe casse haar"
)
# These tell none: they are English words, too.
_ENGLISH_TOO = word_set(
    "am an as at die war hat was man kind rot no me he ha son est porte main plus pied pie mam mama papa tata bark "
    "bez sin "
    "fuss crane zebra "
    "lo rib arm hand open pols been teen nose superficial partido is ist had du do ai bras tive baby on in to so"
)
_ENGLISH = word_set(
    "the i my have has with and of you it can to for are not does she this that your on be will what how if i'm"
)
_ENOUGH = 0.8
_AND = "\u0648"  # Arabic writes it on to the next word
_HAN = re.compile("[\u4e00-\u9fff]")
_KANA = re.compile("[\u3040-\u30ff]")


def in_english(tokens: list[Token], languages: Mapping[str, Collection[str]]) -> list[Token]:
    """The tokens of a message, with the little words of its language as English texts; stems stay as written.

    Args:
        tokens: the message.
        languages: of which languages other words are, by their stems.
    """
    if any(_HAN.match(t.text) for t in tokens) and not any(_KANA.match(t.text) for t in tokens):
        return _chinese(tokens)
    found: list[Token] = []
    for _, sentence in groupby(tokens, key=lambda t: t.sentence):
        found += _sentence_in_english(list(sentence), languages)
    return found


def _sentence_in_english(tokens: list[Token], languages: Mapping[str, Collection[str]]) -> list[Token]:
    told = {
        name: sum((_tells(t.text) if t.text in table else 0) or (name in languages.get(t.stem, ())) for t in tokens)
        for name, table in _TABLES.items()
    }
    language = max(told, key=lambda name: told[name])
    if told[language] < _ENOUGH or sum(t.text.split()[0] in _ENGLISH for t in tokens if t.text) > told[language]:
        return tokens
    table = _TABLES[language]
    if language == "ar":
        tokens = [t._replace(text=t.text[1:]) if t.text[:1] == _AND and t.text[1:] in table else t for t in tokens]
    english = [
        t._replace(text=table[t.text]) if t.text in table else t._replace(foreign=t.text.isalpha()) for t in tokens
    ]
    return [_in_place(place, english) for place in range(len(english))]


def _tells(word: str) -> float:
    """How much a word of a language tells that a message is in it."""
    if word in _ENGLISH_TOO or (len(word) == 1 and word.isascii()):
        return 0.0
    return 0.4 if word in _WEAK else 1.0


def _in_place(place: int, tokens: list[Token]) -> Token:
    """A token whose meaning depends on what stands before it: 'nicht mehr', 'non è', 'meine Frau', 'eine Frau'."""
    token = tokens[place]
    before = [t.text for t in tokens[max(0, place - 4) : place]]
    negated = {"not", "no", "am not"} & set(before) or {"ne", "n"} & set(before)
    if token.text == "no longer" and not (negated or (place + 1 < len(tokens) and tokens[place + 1].text == "not")):
        return token._replace(text=token.stem)
    ahead = [t.text for t in tokens[place + 1 : place + 4]]
    if token.text == "not" and (before[-1:] == ["no longer"] or "no longer" in ahead):
        return token._replace(text="now")  # 'nicht mehr', 'non ... più', 'już nie': the other word says it
    if token.text == "not" and before[-1:] == ["ya"]:
        return token._replace(text="no longer")
    following = tokens[place + 1].text if place + 1 < len(tokens) else ""
    if token.text == "not" and following in ("i am", "i have"):
        return token._replace(text="i am not" if following == "i am" else "i do not")
    if token.text in ("i am", "i have") and before[-1:] in (["not"], ["never"]):
        really = token.text == "i am" and before[-1] == "not" and before[-2:-1] != ["ya"]
        return token._replace(text="really" if really else token.text[2:])
    if token.text == "noch" and "neither" in {t.text for t in tokens[:place]}:
        return token._replace(text="nor", foreign=False)
    if token.text == "and" and before[-1:] == ["not"] and token.stem == "e":
        return token._replace(text="is")  # 'non è'
    if (
        token.text in ("wife", "husband")
        and "my" not in before
        and token.stem in ("frau", "mann", "mujer", "femme", "man")
    ):
        return token._replace(text="woman" if token.text == "wife" else "man")
    return token


def _chinese(tokens: list[Token]) -> list[Token]:
    result = [t._replace(foreign=bool(_HAN.match(t.text))) for t in tokens]
    place = 0
    while place < len(tokens):
        for length in (3, 2, 1):
            english = _CHINESE.get("".join(t.text for t in tokens[place : place + length]))
            if english and place + length <= len(tokens):
                for offset in range(length):
                    word = english[min(offset, len(english) - 1)]
                    result[place + offset] = tokens[place + offset]._replace(text=word, foreign=False)
                place += length - 1
                break
        place += 1
    return result
