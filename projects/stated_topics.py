"""The topics an application stated become topics of the studio that was named by it, once.

Made by whoever needs them: the topics page, the first look at a plan, the nightly job.
"""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from projects.models import StatedTopics, Topic
from studios.models import Application, Studio


def lay_out(*, on: date, studios: Iterable[Studio] | None = None) -> int:
    """Lay out what the approved applications state; how many topics. One question where all is done already.

    What was laid out once never is again, also where somebody deleted it; what already stands under the same
    title is left as it is.
    """
    approved = Application.objects.filter(state=Application.State.APPROVED, studio__stated_topics=None)
    approved = approved.exclude(studio=None).select_related("applicant")
    if studios is not None:
        approved = approved.filter(studio__in=studios)
    return sum(_lay_out(application, on) for application in approved.order_by("pk"))


@transaction.atomic
def _lay_out(application: Application, on: date) -> int:
    _marker, is_first = StatedTopics.objects.get_or_create(
        studio_id=application.studio_id, defaults={"on": on}
    )
    if not is_first:
        return 0
    known = set(Topic.objects.filter(studio=application.studio_id).values_list("title", flat=True))
    made = 0
    for row in application.topics:
        title = (row.get("title") or "").strip()
        if not title or title in known:
            continue
        known.add(title)
        topic = Topic(
            studio_id=application.studio_id,
            title=title,
            target=row.get("target") or "",
            unit_of_measure=row.get("unit_of_measure") or "",
            due_on=date.fromisoformat(row["due_on"]) if row.get("due_on") else None,
        )
        topic._history_user = application.applicant  # whose words they are
        topic.save()
        made += 1
    return made
