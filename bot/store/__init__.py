"""What the project itself keeps, beside Rasa's events and in the same database."""

from bot.store.store import Rating, Store, StoreError, UnknownConversationError

__all__ = ["Rating", "Store", "StoreError", "UnknownConversationError"]
