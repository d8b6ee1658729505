"""Sessions of a conversation: a long one is ended, its slots go over into a new one, and the newest is what is loaded.

With every message Rasa loads the events since the last SessionStarted, plays them back, and lets each policy walk
over them: a message takes the longer the more of them there are. All are kept in the store, whatever is loaded.
"""

from typing import Any

# Some twenty messages of a customer. Cutting the events off in the store (`max_event_history`) would lose new ones.
LONGEST_SESSION = 160


def apply() -> None:
    """Put this in place. Rasa must be importable."""
    from rasa.core.actions.action import ActionSessionStart
    from rasa.core.processor import MessageProcessor
    from rasa.core.tracker_store import SQLTrackerStore

    _end_long_sessions(MessageProcessor)
    _carry_each_slot_over_once(ActionSessionStart)
    _find_the_session_by_its_number(SQLTrackerStore)


def _end_long_sessions(processor: Any) -> None:
    """Rasa ends a session after a time without messages; here also when it has become long.

    Only where the domain carries slots over, and not while a form is filled or a conversation is paused: a new
    session would forget either.
    """
    from rasa.shared.core.events import SessionStarted

    after_a_time = processor._has_session_expired

    def _has_session_expired(self: Any, tracker: Any) -> bool:
        if after_a_time(self, tracker):
            return True
        config = self.domain.session_config
        if not (config.are_sessions_enabled() and config.carry_over_slots):
            return False
        if tracker.active_loop or tracker.is_paused():
            return False
        events = enumerate(reversed(tracker.events))
        length = next((n for n, event in events if isinstance(event, SessionStarted)), len(tracker.events))
        return length >= LONGEST_SESSION

    processor._has_session_expired = _has_session_expired


def _carry_each_slot_over_once(session_start: Any) -> None:
    """Rasa carries over every SlotSet of the session, outdated ones too: each session begins longer than the last.

    It also carries over what was set before an AllSlotsReset, and so takes that back.
    """
    from rasa.shared.core.events import AllSlotsReset, SlotSet

    def _slot_set_events_from_tracker(tracker: Any) -> list[Any]:
        last: dict[str, Any] = {}
        for event in tracker.applied_events():
            if isinstance(event, AllSlotsReset):
                last.clear()
            elif isinstance(event, SlotSet):
                last[event.key] = event
        return [SlotSet(key=key, value=event.value, metadata=event.metadata) for key, event in last.items()]

    session_start._slot_set_events_from_tracker = staticmethod(_slot_set_events_from_tracker)


def _find_the_session_by_its_number(store: Any) -> None:
    """Rasa takes the SessionStarted with the greatest timestamp, and then all events with no lesser one.

    When the machine's clock is put back, what is said until it has caught up would be stored and not loaded. By their
    numbers events are in the order they were saved in; and SQLite needs not walk over all that the conversation ever
    had, because its index on the conversation leads to the newest.
    """
    import sqlalchemy as sa  # type: ignore[import-untyped]
    from rasa.shared.core.events import SessionStarted

    event = store.SQLEvent

    def _event_query(_: Any, session: Any, sender_id: str, fetch_events_from_all_sessions: bool) -> Any:
        query = session.query(event).filter(event.sender_id == sender_id)
        if not fetch_events_from_all_sessions:
            # PostgreSQL would look for the greatest number among all conversations, from the newest event backwards,
            # were it not for the sum: so it goes through those of this one.
            number = event.id if session.get_bind().dialect.name == "sqlite" else event.id + 0
            started = session.query(sa.func.max(number)).filter(
                event.sender_id == sender_id, event.type_name == SessionStarted.type_name
            )
            query = query.filter(event.id >= sa.func.coalesce(started.scalar_subquery(), 0))
        return query.order_by(event.id)

    store._event_query = _event_query
