"""The addresses of this app."""

from django.urls import path, register_converter

from core.calendar import Period
from projects.views import bulk, items, month, now, plans, reports, sheet, topics, why


class PlanPeriod:
    """``2026``, ``2026-Q3`` or ``2026-09`` in an address."""

    regex = "[0-9Q-]{4,7}"
    to_python = staticmethod(Period.parse)

    @staticmethod
    def to_url(value) -> str:
        return value.key if isinstance(value, Period) else str(value)


register_converter(PlanPeriod, "plan_period")

urlpatterns = [
    path("topics/", topics.topics, name="topics"),
    path("topics/export/", topics.topics_export, name="topics-export"),
    path("topics/<int:pk>/", topics.topic, name="topic"),
    path("topics/<int:pk>/edit/", topics.topic_edit, name="topic-edit"),
    path("studios/<int:pk>/topics/new/", topics.topic_new, name="topic-new"),
    path("studios/<int:pk>/plan/<plan_period:period>/", plans.plan, name="plan"),
    path("studios/<int:pk>/plan/<plan_period:period>/why/", why.plan_why, name="plan-why"),
    path("studios/<int:pk>/plan/<plan_period:period>/items/new/", items.item_new, name="item-new"),
    path("studios/<int:pk>/month/<plan_period:period>/", month.month, name="month"),
    path("studios/<int:pk>/month/<plan_period:period>/sheet/", sheet.month_sheet, name="month-sheet"),
    path("items/<int:pk>/cell/", sheet.sheet_cell, name="sheet-cell"),
    path("month/", now.my_month, name="my-month"),
    path("items/", items.items, name="items"),
    path("items/export/", items.items_export, name="items-export"),
    path("items/change/", bulk.items_change, name="items-change"),
    path("items/<int:pk>/", items.item, name="item"),
    path("items/<int:pk>/edit/", items.item_edit, name="item-edit"),
    path("items/<int:pk>/delete/", items.item_delete, name="item-delete"),
    path("items/<int:pk>/report/", reports.item_report, name="item-report"),
    path("items/<int:pk>/state/", reports.item_state, name="item-state"),
    path("items/<int:pk>/break-down/", items.item_break_down, name="item-break-down"),
    path("items/<int:pk>/why/", why.item_why, name="item-why"),
    path("items/<int:pk>/indicators/new/", items.indicator_new, name="indicator-new"),
    path("indicators/<int:pk>/edit/", items.indicator_edit, name="indicator-edit"),
    path("indicators/<int:pk>/delete/", items.indicator_delete, name="indicator-delete"),
    path("evidence/<int:pk>/", reports.evidence, name="evidence"),
    path("mine/", items.my_items, name="my-items"),
]
