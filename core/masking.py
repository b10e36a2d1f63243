"""Secrets that stand in an address do not stand in the log, whichever part of the process writes the line."""

import logging
import re

#: What follows is a key: the calendar of somebody, a new password for somebody.
_SECRET = re.compile(r"(/feed/|/password/reset/[^/\s]+/)[^/\s?#\"']+")


def masked(text: str) -> str:
    """A text with the secrets of its addresses left out."""
    return _SECRET.sub(r"\1***", text)


class MaskedRecord(logging.LogRecord):
    """A line of the log; the web server, the worker and Django all make theirs of this class."""

    def getMessage(self) -> str:
        return masked(super().getMessage())
