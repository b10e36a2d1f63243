"""The addresses of this app."""

from django.urls import path, register_converter

from core.calendar import Period
from projects.views import (
    absences,
    bulk,
    change_requests,
    closing,
    confirming,
    grace,
    handing_over,
    indicators,
    item,
    items,
    lessons,
    month,
    now,
    plans,
    points,
    problems,
    reports,
    reviews,
    sheet,
    topics,
    versions,
    why,
)


class PlanPeriod:
    """``2026``, ``2026-Q3`` or ``2026-09`` in an address."""

    regex = "[0-9Q-]{4,7}"
    to_python = staticmethod(Period.parse)

    @staticmethod
    def to_url(value) -> str:
        return value.key if isinstance(value, Period) else str(value)


register_converter(PlanPeriod, "plan_period")

urlpatterns = [
    path("memberships/<int:pk>/end/", handing_over.membership_end, name="membership-end"),
    path("memberships/<int:pk>/transfer/", handing_over.membership_transfer, name="membership-transfer"),
    path("studios/<int:pk>/reviews/<int:year>/", reviews.member_reviews, name="member-reviews"),
    path(
        "studios/<int:pk>/reviews/<int:year>/confirm/",
        reviews.member_reviews_confirm,
        name="member-reviews-confirm",
    ),
    path("memberships/<int:pk>/review/<int:year>/", reviews.member_review, name="member-review"),
    path("reviews/<int:pk>/reopen/", reviews.member_review_reopen, name="member-review-reopen"),
    path("studios/<int:pk>/lead/", handing_over.studio_lead_change, name="studio-lead-change"),
    path("topics/", topics.topics, name="topics"),
    path("topics/export/", topics.topics_export, name="topics-export"),
    path("topics/<int:pk>/", topics.topic, name="topic"),
    path("topics/<int:pk>/edit/", topics.topic_edit, name="topic-edit"),
    path("topics/<int:pk>/delete/", topics.topic_delete, name="topic-delete"),
    path("studios/<int:pk>/topics/new/", topics.topic_new, name="topic-new"),
    path("studios/<int:pk>/plan/<plan_period:period>/", plans.plan, name="plan"),
    path("studios/<int:pk>/plan/<plan_period:period>/why/", why.plan_why, name="plan-why"),
    path("studios/<int:pk>/plan/<plan_period:period>/items/new/", item.item_new, name="item-new"),
    path("studios/<int:pk>/plan/<plan_period:period>/submit/", confirming.plan_submit, name="plan-submit"),
    path("studios/<int:pk>/plan/<plan_period:period>/decide/", confirming.plan_decide, name="plan-decide"),
    path("studios/<int:pk>/plan/<plan_period:period>/close/", closing.plan_close, name="plan-close"),
    path(
        "studios/<int:pk>/plan/<plan_period:period>/close/leftovers/",
        closing.plan_leftovers,
        name="plan-leftovers",
    ),
    path(
        "studios/<int:pk>/plan/<plan_period:period>/versions/", versions.plan_versions, name="plan-versions"
    ),
    path("studios/<int:pk>/plan/<plan_period:period>/reopen/", versions.plan_reopen, name="plan-reopen"),
    path("studios/<int:pk>/plan/<plan_period:period>/agree/", versions.plan_agree, name="plan-agree"),
    path("items/<int:pk>/belated/", versions.item_belated, name="item-belated"),
    path("studios/<int:pk>/month/<plan_period:period>/", month.month, name="month"),
    path("studios/<int:pk>/month/<plan_period:period>/sheet/", sheet.month_sheet, name="month-sheet"),
    path("items/<int:pk>/cell/", sheet.sheet_cell, name="sheet-cell"),
    path("month/", now.my_month, name="my-month"),
    path("month/sheet/", now.my_sheet, name="my-sheet"),
    path("items/", items.items, name="items"),
    path("items/export/", items.items_export, name="items-export"),
    path("items/change/", bulk.items_change, name="items-change"),
    path("items/<int:pk>/", item.item, name="item"),
    path("items/<int:pk>/edit/", item.item_edit, name="item-edit"),
    path("items/<int:pk>/field/<slug:name>/", item.item_field, name="item-field"),
    path("items/<int:pk>/delete/", item.item_delete, name="item-delete"),
    path("items/<int:pk>/report/", reports.item_report, name="item-report"),
    path("items/<int:pk>/state/", reports.item_state, name="item-state"),
    path("items/<int:pk>/break-down/", item.item_break_down, name="item-break-down"),
    path("items/<int:pk>/why/", why.item_why, name="item-why"),
    path("items/<int:pk>/indicators/new/", indicators.indicator_new, name="indicator-new"),
    path("indicators/<int:pk>/edit/", indicators.indicator_edit, name="indicator-edit"),
    path("indicators/<int:pk>/delete/", indicators.indicator_delete, name="indicator-delete"),
    path("grace-days/", grace.grace_days, name="grace-days"),
    path("items/<int:pk>/change/", change_requests.item_change, name="item-change"),
    path("indicators/<int:pk>/change/", change_requests.indicator_change, name="indicator-change"),
    path("changes/<int:pk>/", change_requests.change_request, name="change-request"),
    path("changes/<int:pk>/decide/", change_requests.change_request_decide, name="change-request-decide"),
    path(
        "changes/<int:pk>/withdraw/", change_requests.change_request_withdraw, name="change-request-withdraw"
    ),
    path("evidence/<int:pk>/", reports.evidence, name="evidence"),
    path("problems/", problems.problems, name="problems"),
    path("problems/<int:pk>/", problems.problem, name="problem"),
    path("problems/<int:pk>/take/", problems.problem_take, name="problem-take"),
    path("problems/<int:pk>/pass-on/", problems.problem_pass_on, name="problem-pass-on"),
    path("problems/<int:pk>/solve/", problems.problem_solve, name="problem-solve"),
    path("problems/<int:pk>/withdraw/", problems.problem_withdraw, name="problem-withdraw"),
    path("problems/<int:pk>/comment/", problems.problem_comment, name="problem-comment"),
    path("studios/<int:pk>/points/", points.studio_points, name="studio-points"),
    path("consequences/", points.all_consequences, name="consequences"),
    path("consequences/<int:pk>/decide/", points.consequence_decide, name="consequence-decide"),
    path("studios/<int:pk>/problems/new/", problems.problem_new, name="problem-new"),
    path("lessons/", lessons.library, name="lessons"),
    path("lessons/<int:pk>/", lessons.lesson, name="lesson"),
    path("lessons/<int:pk>/confirm/", lessons.lesson_confirm, name="lesson-confirm"),
    path("lessons/<int:pk>/return/", lessons.lesson_return, name="lesson-return"),
    path("items/<int:pk>/lesson/", lessons.item_lesson, name="item-lesson"),
    path("topics/<int:pk>/lesson/", lessons.topic_lesson, name="topic-lesson"),
    path("mine/", items.my_items, name="my-items"),
    path("absences/", absences.absences, name="absences"),
    path("absences/new/", absences.absence_new, name="absence-new"),
    path("absences/<int:pk>/", absences.absence, name="absence"),
    path("absences/<int:pk>/decide/", absences.absence_decide, name="absence-decide"),
    path("absences/<int:pk>/end/", absences.absence_end, name="absence-end"),
    path("absences/<int:pk>/items/", absences.absence_items, name="absence-items"),
]
