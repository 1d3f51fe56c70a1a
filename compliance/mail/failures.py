"""The three ways in which a mail does not go. They differ in what is done next."""

from __future__ import annotations


class SendFailure(Exception):
    """The base; the message is what staff read."""


class Unreachable(SendFailure):
    """There is no way to the mail server, or it will not talk to us. Says nothing about this mail: none would go."""


class Postponed(SendFailure):
    """This mail did not go this time, or nobody knows whether it did. Try again later."""


class Refused(SendFailure):
    """This mail will never go."""
