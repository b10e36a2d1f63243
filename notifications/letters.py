"""A message as a mail: at most twenty lines, the worst first, each saying why it came."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.models import Digest, MailWishes, Notice

LINES = 20
"""More in one mail nobody reads; the rest is in the inbox."""


def compose(message: Digest, notices: Sequence[Notice]) -> EmailMultiAlternatives:
    """The mail, in the recipient's language. ``notices``: at least one, in reading order."""
    user = message.recipient
    inbox = settings.SITE_URL + reverse("inbox")
    wishes = settings.SITE_URL + reverse("message-settings")
    with translation.override(user.language or settings.LANGUAGE_CODE):
        shown = notices[:LINES]
        context = {
            "name": str(user),
            "lines": [
                {
                    "urgency": notice.get_urgency_display(),
                    "sentence": notice.sentence,
                    "reason": notice.reason,
                    "url": settings.SITE_URL + notice.url,
                    "stop": f"{wishes}?stop={notice.kind}",
                }
                for notice in shown
            ],
            "more": len(notices) - len(shown),
            "inbox": inbox,
            "wishes": wishes,
        }
        mail = EmailMultiAlternatives(
            subject=_subject(message, notices),
            body=render_to_string("notifications/mail/digest.txt", context),
            to=[user.email],
            headers={
                "Message-ID": message.message_id,
                "List-Unsubscribe": f"<{wishes}?stop={MailWishes.ALL}>",
                "List-ID": f"<messages.{urlsplit(settings.SITE_URL).hostname}>",
                # No out-of-office answers, please.
                "Auto-Submitted": "auto-generated",
            },
        )
        mail.attach_alternative(render_to_string("notifications/mail/digest.html", context), "text/html")
    return mail


def _subject(message: Digest, notices: Sequence[Notice]) -> str:
    if message.once or len(notices) == 1:
        return _one_line(notices[0].sentence)
    count = ngettext("%(count)s message", "%(count)s messages", len(notices)) % {"count": len(notices)}
    return _("%(count)s, first: %(first)s") % {"count": count, "first": _one_line(notices[0].sentence)}


def _one_line(text: str) -> str:
    """A mail's subject is one short line, whatever people called their items."""
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:79]}…"
