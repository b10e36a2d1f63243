"""Who last touched what a figure sums: the newest of reports and of versions of items and indicators."""

from collections.abc import Mapping

from django.db.models import F

from core.as_of import Change


def newest_change(entries, histories: Mapping, ids, *, naming: bool) -> Change | None:
    """The newest of these reports, and of the versions whose column is one of the ``ids``.

    ``histories`` gives the column of each history that is looked through. Versions without a name follow from
    a report. One query more than there are histories, however long they are.
    """
    entry = entries.select_related("by__person", "item__plan__studio").order_by("-at", "-pk").first()
    found = [_newest(history, column, ids, entry) for history, column in histories.items()]
    version = max(filter(None, found), key=lambda version: version.history_date, default=None)
    if version:
        plan = getattr(version, "plan", None) or version.item.plan
        when, who = version.history_date, str(version.history_user)
    elif entry:
        plan, when, who = entry.item.plan, entry.at, str(entry.by or "")
    else:
        return None
    return Change(when, who, plan.studio.name if naming else "", plan.get_absolute_url() if naming else "")


def _newest(history, column: str, ids, entry):
    """The newest version with a name; where there is a report, only if it came after that."""
    if entry:
        # Only what came after the report is looked through: "+ 0" leaves the database the index of the days.
        later = history.filter(history_date__gt=entry.at).annotate(belongs_to=F(column) + 0)
        versions = later.filter(belongs_to__in=ids)
    else:
        versions = history.filter(**{f"{column}__in": ids})
    plan = "item__plan" if column.startswith("item") else "plan"
    named = versions.exclude(history_user=None).select_related("history_user__person", f"{plan}__studio")
    return named.order_by("-history_date", "-history_id").first()
