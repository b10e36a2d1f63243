"""Kinds of notices that exist in these tests alone."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.kinds import Because, Kind
from notifications.models import Urgency

MONDAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)  # 8:30 in Shanghai


def _settled(notice):
    return Because.DONE if notice.params.get("settled") else None


@pytest.fixture(autouse=True)
def catalogue(monkeypatch):
    monkeypatch.setattr(kinds, "_catalogue", dict(kinds._catalogue))
    kinds.register(
        Kind("late", _("Other"), "%(subject)s 已逾期", "您是责任人", Urgency.OVERDUE, still_true=_settled),
        Kind("today", _("Other"), "%(subject)s 今天到期", "您是责任人", Urgency.TODAY),
        Kind("news", _("Other"), "%(subject)s 有新消息(%(due_on)s)", "您关注了它", Urgency.INFO),
        Kind("decided", _("Other"), "%(subject)s 已批准", "这是您提出的申请", Urgency.INFO, immediate=True),
    )
