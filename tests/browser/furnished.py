"""A house with everything in it: the demo group and its year, played by the cast of the permission walk."""

from types import SimpleNamespace

from members.models import Person, User
from reports.demo import group
from studios.models import StockTake, Studio
from tests.conftest import make_user
from tests.house import walking


def furnish():
    """The world of ``walking.build`` in a small demo group, as it stands on ``walking.NOW``."""
    group.make(studios=4, seed=2026, on=walking.NOW.date())
    demo = {user.username: user for user in User.objects.filter(is_demo=True)}
    own = Studio.objects.get(memberships__person=demo["lead"].person)
    foreign = Studio.objects.active().exclude(unit=own.unit).first()
    # A year has one stock-take, and the walk brings its own.
    StockTake.objects.filter(studio__in=[own, foreign]).delete()
    cast = SimpleNamespace(
        plant_one=own.unit,
        plant_two=foreign.unit,
        studio_one=own,
        studio_two=foreign,
        zhou=demo["group-admin"],
        li=demo["group-staff"],
        sun=demo["unit-contact"],
        zheng=demo["company-leader"],
        chen=demo["lead"],
        lin=demo["liaison"],
        wang=demo["member"],
        zhao=foreign.lead.user,
        feng=demo["system-admin"],
        xu=make_user("xu", Person.objects.create(name="许愿", unit=own.unit)),
        root=make_user("root", is_superuser=True),
    )
    return walking.build(cast)
