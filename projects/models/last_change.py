"""Who last touched what a figure sums: the newest of reports and of versions of items."""

from django.db.models import F

from core.as_of import Change


def newest_change(entries, history, column: str, ids, *, naming: bool) -> Change | None:
    """The newest of these reports, and of the versions of items whose ``column`` is one of the ``ids``.

    Versions without a name follow from a report. Two queries, however long the history.
    """
    entry = entries.select_related("by__person", "item__plan__studio").order_by("-at", "-pk").first()
    if entry:
        # Only what came after the report is looked through: "+ 0" leaves the database the index of the days.
        later = history.filter(history_date__gt=entry.at).annotate(belongs_to=F(column) + 0)
        versions = later.filter(belongs_to__in=ids)
    else:
        versions = history.filter(**{f"{column}__in": ids})
    version = (
        versions.exclude(history_user=None)
        .select_related("history_user__person", "plan__studio")
        .order_by("-history_date", "-history_id")
        .first()
    )
    if version:
        plan, when, who = version.plan, version.history_date, str(version.history_user)
    elif entry:
        plan, when, who = entry.item.plan, entry.at, str(entry.by or "")
    else:
        return None
    return Change(when, who, plan.studio.name if naming else "", plan.get_absolute_url() if naming else "")
