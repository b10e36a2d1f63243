"""The cast: named people with parts in a small group of two plants.

青川机械集团 has 一厂 and 二厂, each with one studio. Every part that one plays in 一厂 has a twin in 二厂,
so that a test can always ask what the twin sees.
"""

import os
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation
from hypothesis import settings

from core import append_only
from members.models import Person, Role, RoleGrant, Unit, User
from projects.models import Plan
from studios.models import Membership, Studio

PASSWORD = "Xinhuo-2026-test"

# A slow machine is no fault, and a run says something about the change it ran on (see tests/chance.py).
settings.register_profile("house", deadline=None, derandomize="SEEDS" not in os.environ)
settings.load_profile("house")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """A test that opens no database says nothing about one."""
    for item in items:
        fixtures = {"db", "transactional_db"} & set(item.fixturenames)
        if (
            not fixtures
            and not item.get_closest_marker("django_db")
            and not item.get_closest_marker("services")
        ):
            item.add_marker("embedded")


@pytest.fixture(autouse=True)
def _fresh_cache_and_chinese():
    """No test sees another's cache, and each starts in the default language."""
    cache.clear()
    translation.activate("zh-hans")
    yield
    translation.activate("zh-hans")


@pytest.fixture(autouse=True)
def _journal_stands_back_when_the_test_database_is_emptied(request):
    """A test of real transactions ends by emptying every table, which the journal's triggers refuse."""
    marker = request.node.get_closest_marker("django_db")
    real = (marker and marker.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if not real:
        yield
        return
    request.getfixturevalue("transactional_db")
    append_only.protect(connection)
    yield
    append_only.release(connection)


def make_user(username: str, person: Person | None = None, **extra) -> User:
    return User.objects.create_user(
        username, f"{username}@qingchuan.example", PASSWORD, person=person, **extra
    )


def grant(user: User, role: str, unit: Unit) -> None:
    RoleGrant.objects.create(user=user, role=role, unit=unit, starts_on=date(2020, 1, 1))


@pytest.fixture
def cast(db):
    """Units, studios, people and users of the small group, by short names."""
    group = Unit.objects.create(kind=Unit.Kind.GROUP, name="青川机械集团")
    plant_one = Unit.objects.create(parent=group, name="一厂", position=1)
    plant_two = Unit.objects.create(parent=group, name="二厂", position=2)

    def official(name, username, role, unit):
        user = make_user(username, Person.objects.create(name=name, unit=unit))
        grant(user, role, unit)
        return user

    def worker(name, username, studio, role):
        person = Person.objects.create(name=name, unit=studio.unit, staff_no=f"9{username}")
        Membership.objects.create(studio=studio, person=person, role=role, joined_on=date(2023, 3, 1))
        return make_user(username, person)

    studio_one = Studio.objects.create(name="陈立新劳模创新工作室", unit=plant_one, trade="焊接", position=1)
    studio_two = Studio.objects.create(
        name="赵国强工匠创新工作室", unit=plant_two, type=Studio.Type.CRAFTSMAN, trade="铸造", position=2
    )
    Plan.lay_out([studio_one, studio_two], 2026)
    return SimpleNamespace(
        group=group,
        plant_one=plant_one,
        plant_two=plant_two,
        studio_one=studio_one,
        studio_two=studio_two,
        # the union of the group
        zhou=official("周明", "zhou", Role.GROUP_ADMIN, group),
        wu=official("吴敏", "wu", Role.GROUP_ADMIN, group),
        li=official("李雪", "li", Role.GROUP_STAFF, group),
        # the unions of the two plants
        sun=official("孙悦", "sun", Role.UNIT_CONTACT, plant_one),
        he=official("何平", "he", Role.UNIT_CONTACT, plant_two),
        # readers
        zheng=official("郑国栋", "zheng", Role.COMPANY_LEADER, group),
        qiu=official("邱晨", "qiu", Role.COMPANY_LEADER, plant_two),
        # the studio of 一厂 and its twin in 二厂
        chen=worker("陈立新", "chen", studio_one, Membership.Role.LEAD),
        lin=worker("林小雨", "lin", studio_one, Membership.Role.LIAISON),
        wang=worker("王芳", "wang", studio_one, Membership.Role.MEMBER),
        zhao=worker("赵国强", "zhao", studio_two, Membership.Role.LEAD),
        qian=worker("钱多", "qian", studio_two, Membership.Role.MEMBER),
        # the machine room, a newcomer without any part, and the superuser
        feng=official("冯涛", "feng", Role.SYSTEM_ADMIN, group),
        xu=make_user("xu", Person.objects.create(name="许愿", unit=plant_one)),
        root=make_user("root", is_superuser=True),
    )


@pytest.fixture
def sign_in(client):
    """Sign the client in as one of the cast: ``page = sign_in(cast.chen).get(...)``."""

    def as_user(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return as_user
