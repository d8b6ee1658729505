"""A stand-in for Meta: the Graph API of WhatsApp's Cloud API, the webhooks it sends and the customers' phones.

Written from Meta's public documentation, and apart from the channel, so that the two cannot share a mistake. It is as
strict as Meta is documented to be, and stricter where the documents disagree. For tests, and for trying the channel on
one's own machine (`bot whatsapp simulate`).
"""

from bot.simulator.account import Account
from bot.simulator.errors import SimulatorError
from bot.simulator.faults import Faults
from bot.simulator.graph import GraphServer
from bot.simulator.phone import Choice, Phone, Shown
from bot.simulator.webhooks import Acknowledgement

__all__ = ["Account", "Acknowledgement", "Choice", "Faults", "GraphServer", "Phone", "Shown", "SimulatorError"]
