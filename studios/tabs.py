"""What the pages of one studio share: where one is, and the tabs."""

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.calendar import YEAR, Period


def crumbs(studio, *more):
    """From the register down to the studio, then ``more`` (label, url) pairs."""
    above = (str(studio.unit), f"{reverse('studios')}?unit={studio.unit_id}")
    return [(_("Studios"), reverse("studios")), above, *more]


def below(studio, *more):
    """The breadcrumbs of a page below the studio's own."""
    return crumbs(studio, (str(studio), studio.get_absolute_url()), *more)


def frame(studio, *, user, active, on):
    """The context of a page of the studio: ``active`` is the name of its tab's address.

    What is wanted now and then stands behind a menu, unless it is the page that is open.
    """
    offered = [
        (pgettext_lazy("studio", "Overview"), "studio", [studio.pk], ""),
        (_("Members"), "studio-members", [studio.pk], ""),
        (_("Topics"), "topics", [], f"?studio={studio.pk}"),
        (_("Plan"), "plan", [studio.pk, Period.containing(on, YEAR).key], ""),
        (_("This month"), "month", [studio.pk, Period.containing(on).key], ""),
        (_("House rules"), "studio-rules", [studio.pk], ""),
        (_("Activities"), "studio-activities", [studio.pk], ""),
        (_("Achievements"), "studio-achievements", [studio.pk], ""),
    ]
    now_and_then = [
        (pgettext_lazy("ledger", "Points"), "studio-points", [studio.pk], ""),
        (_("Place and equipment"), "studio-equipment", [studio.pk], ""),
    ]
    if user.has_perm("studios.view_funds", studio):
        now_and_then.append((_("Funds"), "studio-funds", [studio.pk, on.year], ""))
    if user.has_perm("studios.view_support", studio):
        now_and_then.append((_("Support"), "studio-support", [studio.pk], ""))
    if user.has_perm("studios.view_history", studio):
        now_and_then.append((_("History"), "studio-history", [studio.pk], ""))
    if user.has_perm("studios.use_bin", studio):
        now_and_then.append((_("Bin"), "studio-bin", [studio.pk], ""))
    tabs, more = _shown(offered, active), _shown(now_and_then, active)
    opened = [tab for tab in more if tab[2]]
    return {
        "studio": studio,
        "tabs": tabs + opened,
        "more_tabs": [tab for tab in more if tab not in opened],
        "breadcrumbs": crumbs(studio) if active == "studio" else below(studio),
    }


def _shown(offered, active):
    """Those whose pages there are: a part of the software may not be installed."""
    tabs = []
    for label, name, args, query in offered:
        try:
            tabs.append((label, reverse(name, args=args) + query, name == active, None))
        except NoReverseMatch:
            continue
    return tabs
