"""The life of a message in the outbox: its states, the moves between them, and when a failed one is tried again."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Final

from compliance.domain.errors import NotAllowed


class MessageState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class MessageAct(StrEnum):
    CLAIM = "claim"
    DELIVER = "deliver"
    POSTPONE = "postpone"  # it did not go this time: back to the queue, with a delay
    GIVE_UP = "give_up"
    CANCEL = "cancel"
    RETRY = "retry"  # by hand


#: The only allowed moves. A claimed message is claimed again when its lease has run out: its worker is gone.
MESSAGE_MOVES: Final[dict[tuple[MessageState, MessageAct], MessageState]] = {
    (MessageState.QUEUED, MessageAct.CLAIM): MessageState.CLAIMED,
    (MessageState.QUEUED, MessageAct.CANCEL): MessageState.CANCELLED,
    (MessageState.CLAIMED, MessageAct.CLAIM): MessageState.CLAIMED,
    (MessageState.CLAIMED, MessageAct.DELIVER): MessageState.SENT,
    (MessageState.CLAIMED, MessageAct.POSTPONE): MessageState.QUEUED,
    (MessageState.CLAIMED, MessageAct.GIVE_UP): MessageState.FAILED,
    (MessageState.CLAIMED, MessageAct.CANCEL): MessageState.CANCELLED,
    (MessageState.FAILED, MessageAct.RETRY): MessageState.QUEUED,
}

#: How long to wait after the first, second … failed attempt. After the last one the message has failed.
DELAYS: Final = (
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=12),
)


def move_message(state: MessageState, act: MessageAct) -> MessageState:
    """The state after `act`; raises NotAllowed when the table does not list the move."""
    try:
        return MESSAGE_MOVES[state, act]
    except KeyError:
        raise NotAllowed(f"a message that is {state} cannot be {act}") from None


def next_attempt(attempts: int, now: dt.datetime) -> dt.datetime | None:
    """When to try again after `attempts` failed attempts; None when it is time to give up."""
    return now + DELAYS[attempts - 1] if attempts <= len(DELAYS) else None
