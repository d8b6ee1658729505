"""A person of the supplier takes a conversation over, and gives it back. No channel is known here."""

from bot.handover.desk import Desk, Handover, Reach, UnfitTextError, UnknownHandoverError

__all__ = ["Desk", "Handover", "Reach", "UnfitTextError", "UnknownHandoverError"]
