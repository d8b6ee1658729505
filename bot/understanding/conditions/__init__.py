"""Health conditions in customers' messages. Pure logic; imports no Rasa."""

from bot.understanding.conditions.apart import told_apart
from bot.understanding.conditions.asked import asked_person
from bot.understanding.conditions.extract import Mention, extract
from bot.understanding.conditions.lexicon import Lexicon
from bot.understanding.conditions.people import names, speaks_of_self

__all__ = ["Lexicon", "Mention", "asked_person", "extract", "names", "speaks_of_self", "told_apart"]
