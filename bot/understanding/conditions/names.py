"""Personal names, where a message uses one for the person it is about."""

from bot.understanding.conditions.words import Token, word_set

# Common given names. Not among them: any that is a common word as well, unless it is written as a name.
_HERS = word_set(
    "sarah anna anne emma maria mary marie laura julia lisa linda susan karen nancy betty helen sandra donna ruth "
    "sharon "
    "michelle kimberly jessica amanda melissa deborah stephanie rebecca cynthia kathleen katherine catherine kate "
    "katie "
    "amy angela shirley brenda pamela nicole samantha christine christina debra rachel carolyn janet heather diane "
    "julie joyce victoria kelly lauren joan evelyn olivia judith megan cheryl andrea hannah jacqueline martha gloria "
    "teresa theresa ann sara janice jean alice madison doris abigail judy beverly denise marilyn danielle brittany "
    "diana natalie sophia sophie alexis lori kayla jane elena eva lucia sofia carla carmen isabel isabella ana paula "
    "claudia monica patricia barbara elizabeth jennifer margaret dorothy maggie peggy molly ellie chloe lucy zoe mia "
    "amelia charlotte emily harriet georgia ella freya leah nina tina gina rita vera nadia olga irina svetlana natasha "
    "tatiana oksana katya anya ewa agnieszka magda malgorzata joanna fatima aisha leila layla yasmin amina mariam noor "
    "zainab priya anjali sunita deepa kavita meera pooja mei ling yuki sakura akiko hana ingrid astrid greta heidi "
    "ursula petra sabine birgit monika renate gudrun francesca chiara giulia valentina paola silvia camille chantal "
    "brigitte sylvie nathalie celine aoife siobhan niamh sinead fiona morag isla bella stella ayse elif zeynep"
)
_HIS = word_set(
    "tom james john robert michael david richard joseph thomas charles christopher daniel matthew anthony donald "
    "steven andrew paul joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary nicholas "
    "eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick raymond jerry dennis "
    "tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan jeremy walter keith roger terry austin "
    "gerald harold lawrence jordan jesse bryan arthur albert willie billy bruce logan alan allan wayne ralph roy "
    "eugene "
    "philip phillip bobby johnny vincent russell louis luke liam oliver harry oscar leo theo archie alfie freddie "
    "jake josh mike dave steve chris matt andy tim tony jim joe ben sam dan greg phil simon martin stuart graham nigel "
    "trevor derek barry gareth rhys owen ivan igor sergei dmitri vladimir boris oleg pavel piotr tomasz krzysztof "
    "marek pawel lukas jonas felix stefan klaus jurgen wolfgang hans dieter uwe jan pieter joost lars sven erik "
    "bjorn mohamed mohammed muhammad ahmed ahmad ali omar hassan hussein ibrahim khalid mustafa yusuf mehmet emre "
    "murat raj rahul amit sanjay vijay arjun rohan ravi anil suresh wei jun hiroshi kenji takeshi carlos juan luis "
    "miguel pedro javier alejandro diego pablo fernando antonio francisco giovanni giuseppe luca matteo marco paolo "
    "andrea pierre jacques francois laurent olivier jean declan connor sean seamus finn callum angus hamish"
)
# Common words, too: only with a capital letter inside a sentence.
_ALSO_WORDS = word_set(
    "will mark rose grace may april june joy hope bill frank art pat sue jack ray dawn faith ruby lily daisy iris "
    "violet olive ivy summer autumn drew chase miles guy dean grant rob nick don gene penny carol robin jade pearl "
    "amber crystal rusty max victor ian jean jun ling mei hana jordan georgia austin madison victoria stella bella "
    "charlotte diana sara ali raj jan ann roy finn noor ben dan sam joe theo leo"
)
_NAMES = _HERS | _HIS | _ALSO_WORDS
HER_NAMES, HIS_NAMES = _HERS - _HIS, _HIS - _HERS
# What is said of a person: after a name, and before one.
_DOES = word_set(
    "has had have is was are wears wore got uses use used try tries needs wants broke suffers takes can could may "
    "should be does did just also really still lie lies benefit gets fell hurt"
)
_OPENS = word_set("has wears suffers broke uses")  # nothing but a person does at the start of a sentence
_ASKS = word_set("can could may should would will must does did if for on let whether is and what")
_ALLOWED = word_set("allowed able ok okay safe permitted pregnant too fit who")
_USES = word_set("use try lie wear benefit sit sleep start")
# Said of the staff: 'can Daniel call me', 'a message for Daniel'.
_SERVES = word_set(
    "help helps tell tells call calls answer answers advise ship send sends say says reply work works at"
)
_REACHED_BY = word_set("number phone email mail address contact whatsapp name office telephone details")
_SENT = word_set("question message call parcel number package letter order address thanks thank contact")


def is_name(tokens: list[Token], place: int) -> bool:
    """Whether a token is a person's name, and that person the one who has, uses or is asked about something."""
    token = tokens[place]
    first, *rest = token.text.split() or [""]
    if not first.isalpha() or len(first) < 2:
        return False
    opens = place == 0 or tokens[place - 1].sentence != token.sentence
    ambiguous = first in _ALSO_WORDS
    before = [w for t in tokens[max(0, place - 3) : place] if t.sentence == token.sentence for w in t.text.split()]
    after = rest + [w for t in tokens[place + 1 : place + 3] if t.sentence == token.sentence for w in t.text.split()]
    after = after or [""]
    written_as_name = token.capital and (not opens or after[0] in _OPENS) and _mostly_small(tokens)
    known = first in _NAMES and (not ambiguous or written_as_name)
    if not (known or (written_as_name and not opens)):
        return False
    if after[0] == "'s" and ("wort" in after or set(after[1:]) & _REACHED_BY or before[-1:] in (["st"], ["saint"])):
        return False
    if after[0] in _SERVES or (before and (before[-1] == "my" or _SENT & set(before))):
        return False
    if not known:  # only where both sides say so: 'can Xochitl use it'
        return bool(before) and before[-1] in _ASKS and after[0] in _USES
    if before and before[-1] == "is":
        return after[0] in _ALLOWED or after[0] == "'s"
    if before and before[-1] in ("for", "on") and not ambiguous:
        return True
    return after[0] == "'s" or after[0] in _DOES


def is_called(tokens: list[Token], place: int) -> bool:
    """Whether a token after a relation is that person's name: 'my wife Sarah', 'our son Leo has'."""
    if place >= len(tokens) or tokens[place].sentence != tokens[place - 1].sentence or " " in tokens[place - 1].text:
        return False
    token = tokens[place]
    first, *rest = token.text.split() or [""]
    after = [*rest, *(tokens[place + 1].text.split() if place + 1 < len(tokens) else ["."])][0]
    if first in _NAMES and (token.capital or first not in _ALSO_WORDS):
        return True
    return token.capital and first.isalpha() and _mostly_small(tokens) and (after in _DOES or after in (".", ",", "'s"))


def _mostly_small(tokens: list[Token]) -> bool:
    """Whether capitals tell anything: not in a message that gives one to every word."""
    words = [t for t in tokens if t.is_word and len(t.text) > 1]
    return sum(t.capital for t in words) * 2 < len(words)
