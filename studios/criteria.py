"""What an application must say to be handed in, and which of the usual conditions it meets."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import Person, without_spaces
from studios.models import Application, Studio

#: Without these nobody can judge an application.
COMPULSORY = (
    "name",
    "type",
    "unit",
    "trade",
    "address",
    "lead_name",
    "lead_honours",
    "team",
    "topics",
    "deeds",
)

SMALLEST_TEAM = 3
"""People besides the lead."""

SMALLEST_AREA = Decimal(20)
"""Square metres."""


def missing(application: Application) -> dict[str, str]:
    """What stands in the way of handing it in: a sentence for each field."""
    faults = {
        name: _("This is needed before it can be handed in.")
        for name in COMPULSORY
        if not getattr(application, name)
    }
    name = without_spaces(application.name)
    if name and Studio.objects.filter(name=name).exists():
        faults["name"] = _("There is a studio of this name.")
    owners = dict(
        Person.objects.filter(
            staff_no__in=[number for _name, number in _people(application) if number]
        ).values_list("staff_no", "name")
    )
    seen = set()
    for index, (person, number) in enumerate(_people(application)):
        field = "team" if index else "lead_staff_no"
        if owners.get(number, person) != person:
            faults[field] = other_owner(number, owners[number])
        elif index and (number or person) in seen:
            faults[field] = _("%s is named twice.") % person
        seen.add(number or person)
    return faults


def other_owner(staff_no: str, name: str) -> str:
    """What is said where a staff number is that of somebody else."""
    return _("The staff number %(number)s belongs to %(name)s.") % {"number": staff_no, "name": name}


def _people(application) -> list[tuple[str, str]]:
    """(name, staff number) of the lead, then of the team."""
    lead = (application.lead_name, application.lead_staff_no)
    team = [(row["name"], row.get("staff_no", "")) for row in application.team]
    return [(without_spaces(name), without_spaces(number)) for name, number in [lead, *team]]


def conditions(application: Application) -> list[tuple[str, bool, str]]:
    """The usual conditions of a company-level studio: (what, met, what was found or is missing)."""
    team, topics = len(application.team), len(application.topics)
    return [
        (
            _("A model worker or craftsman leads"),
            bool(application.lead_honours),
            application.lead_honours or _("no honour is named"),
        ),
        (
            _("A team of at least %(count)s besides the lead") % {"count": SMALLEST_TEAM},
            team >= SMALLEST_TEAM,
            ngettext("%(count)s person besides the lead", "%(count)s people besides the lead", team)
            % {"count": team},
        ),
        (
            _("A fixed place of at least %(area)s m²") % {"area": SMALLEST_AREA},
            bool(application.address and application.area and application.area >= SMALLEST_AREA),
            _("%(area)s m²") % {"area": f"{application.area.normalize():f}"}
            if application.area
            else _("not filled in"),
        ),
        (
            _("Topics"),
            topics > 0,
            ngettext("%(count)s topic", "%(count)s topics", topics) % {"count": topics},
        ),
        (_("House rules"), bool(application.rules), "" if application.rules else _("none are named")),
        (
            _("Funds"),
            bool(application.annual_funds),
            application.funds_source or ("" if application.annual_funds else _("none are named")),
        ),
        (
            _("Achievements so far"),
            bool(application.achievements),
            "" if application.achievements else _("none are named"),
        ),
    ]
