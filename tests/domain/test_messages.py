"""The moves of a message, and the delays between attempts."""

from __future__ import annotations

import datetime as dt

import pytest

from compliance.domain.errors import NotAllowed
from compliance.domain.messages import DELAYS, MESSAGE_MOVES, MessageAct, MessageState, move_message, next_attempt


def test_a_message_moves_only_as_the_table_says():
    for state in MessageState:
        for act in MessageAct:
            if (state, act) in MESSAGE_MOVES:
                assert move_message(state, act) is MESSAGE_MOVES[state, act]
            else:
                with pytest.raises(NotAllowed):
                    move_message(state, act)
    assert not [act for state, act in MESSAGE_MOVES if state in (MessageState.SENT, MessageState.CANCELLED)]


def test_delays_grow_and_end():
    now = dt.datetime(2027, 4, 23, 9, tzinfo=dt.UTC)
    waits = [next_attempt(number, now) for number in range(1, len(DELAYS) + 2)]
    assert [moment - now for moment in waits[:-1] if moment] == sorted(DELAYS)
    assert waits[-1] is None
