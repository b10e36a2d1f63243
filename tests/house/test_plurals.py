"""A text with a count in front of what is counted has a form for one: no page says "1 requests"."""

import io
import re

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from core.management.commands.messages import scopes

#: A count, and what is counted as it reads for several.
COUNT = re.compile(
    r"(?:%\(\w+\)[ds]|%[ds]|\{\w+\}) (?:[a-z]+ )?"
    r"(?:achievements|activities|adoptions|applications|articles|cells|changes|characters|days|entries|errors"
    r"|files|hours|indicators|items|lessons|lines|members|messages|minutes|months|notices|parts|people|pieces"
    r"|plans|points|problems|questions|records|references|reminders|requests|rows|rules|sheets|studios|times"
    r"|topics|values|versions|votes|weeks|words|years)\b"
)

#: Of these the number is one of ours and never one, or no number, or there is another text for one.
NEVER_ONE = {
    "%(name)s is responsible for %(count)d of %(all)d items",
    "%(subject)s (%(unit)s): no new topic, no activity and no progress for %(days)s days",
    "%(subject)s: no new topic, no activity and no progress for %(days)s days",
    "%(this)s planned items %(planned)d, done %(done)d, on-time rate %(rate)s",
    "%(silent_days)s days without report, activity or new topic",
    "A file holds at most %(most)d rows; these are %(count)d. Narrow the list down, then export it.",
    "A part of the file unpacks to more than %(ratio)s times its size.",
    "At most %(most)d files at a time.",
    "At most %(most)d items can be changed at once; these are %(count)d. Narrow the list down.",
    "Scan it with the camera of the phone, sign in if asked, press “I am here”. Each code opens for "
    "%(minutes)s minutes; this page draws a new one every minute.",
    "The file holds more than %(count)s parts.",
    "The sheet “%(sheet)s” has more than %(count)s rows.",
    "The text has %(length)s characters, at most %(limit)s fit.",
    "the note has more than %(limit)d characters",
    "{count} values not sent",
}


def texts_without_a_form_for_one():
    for scope in scopes(settings.BASE_DIR):
        for message in read_po(io.BytesIO(scope.po.read_bytes())):
            if isinstance(message.id, str) and COUNT.search(message.id) and message.id not in NEVER_ONE:
                yield f"{scope.name}: {message.id}"


def test_every_count_has_a_form_for_one():
    assert "\n".join(texts_without_a_form_for_one()) == ""


@pytest.mark.parametrize("text", ["%(count)s requests", "{n} open items", "%d of %d members have read it"])
def test_a_count_is_recognised(text):
    assert COUNT.search(text)


@pytest.mark.parametrize("text", ["%(studio)s uses it", "Changes: %(count)d", "%(count)s of %(all)s"])
def test_what_is_no_count_is_let_be(text):
    assert not COUNT.search(text)
