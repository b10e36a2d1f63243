"""Care records: with consent alone, sealed, read by those named alone, and every reading written down."""

from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from care.models import CareReading, CareRecord, CareWorker, Consent
from care.sealing import NoKey
from core.errors import NotAllowedNow
from members.models import User

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
ON = date(2026, 11, 19)
SECRET = "走访慰问，帮助解决子女入学"


@pytest.fixture
def worker(cast):
    """孙悦, contact of 一厂, was named its care worker."""
    return CareWorker.name(cast.sun, cast.plant_one, by=cast.zhou, at=AT)


@pytest.fixture
def consent(cast):
    Consent.give(by=cast.wang, at=AT)
    return Consent.objects.get()


@pytest.fixture
def record(cast, worker, consent):
    return CareRecord.write(consent, kind="life", happened_on=ON, text=SECRET, by=cast.sun, at=AT)


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_the_person_and_the_care_worker_read_it_and_nobody_else(cast, record, sign_in):
    page = f"/care/people/{record.consent_id}/"
    others = [cast.zhou, cast.li, cast.chen, cast.lin, cast.zheng, cast.feng, cast.xu, cast.root, cast.he]
    for user in others:
        assert sign_in(user).get(page).status_code == 404, user
        assert SECRET not in sign_in(user).get("/care/").content.decode(), user
        assert not CareRecord.objects.visible_to(fresh(user)).exists(), user

    assert SECRET in sign_in(cast.sun).get(page).content.decode()
    assert SECRET in sign_in(cast.wang).get("/care/").content.decode()


def test_who_reads_it_is_written_down_and_the_person_sees_who(cast, record, sign_in):
    sign_in(cast.wang).get("/care/")
    assert CareReading.objects.count() == 0

    sign_in(cast.sun).get(f"/care/people/{record.consent_id}/")
    reading = CareReading.objects.get()
    assert (reading.by, reading.person, reading.record) == (cast.sun, cast.wang.person, record.pk)
    assert "孙悦" in sign_in(cast.wang).get("/care/").content.decode()


def test_what_was_read_cannot_be_made_unread(cast, record):
    CareRecord.objects.filter(pk=record.pk).read(by=cast.sun, at=AT)

    for tamper in (CareReading.objects.all().delete, lambda: CareReading.objects.update(by=cast.li)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            tamper()


def test_no_table_holds_the_text(record):
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [table for row in cursor.fetchall() if any(SECRET in str(value) for value in row)]

    assert found == []
    assert CareRecord.objects.get().sealed.startswith("gAAAA")


def test_without_consent_the_database_takes_no_record(cast, record):
    fields = {"kind": "life", "happened_on": ON, "sealed": "x", "written_by": cast.sun, "written_at": AT}
    with pytest.raises(IntegrityError), transaction.atomic():
        CareRecord.objects.create(consent=None, **fields)

    Consent.withdraw(by=cast.wang, at=AT)
    with pytest.raises(IntegrityError, match="needs consent"), transaction.atomic():
        CareRecord.objects.create(consent=record.consent, **fields)
    with pytest.raises(NotAllowedNow):
        CareRecord.write(record.consent, kind="life", happened_on=ON, text="x", by=cast.sun, at=AT)


def test_taken_back_everything_is_deleted_and_nobody_reads_on(cast, record, sign_in):
    sign_in(cast.wang).post("/care/consent/", {"on": "0"})

    assert CareRecord.objects.count() == 0
    assert Consent.objects.get().withdrawn_at is not None
    assert sign_in(cast.sun).get(f"/care/people/{record.consent_id}/").status_code == 404


def test_consent_is_given_once_and_anew_after_it_was_taken_back(cast):
    for _n in range(2):
        Consent.give(by=cast.wang, at=AT)
    assert Consent.objects.count() == 1

    Consent.withdraw(by=cast.wang, at=AT)
    with pytest.raises(NotAllowedNow):
        Consent.withdraw(by=cast.wang, at=AT)
    Consent.give(by=cast.wang, at=AT)
    assert Consent.objects.standing().count() == 1


def test_the_right_ends_with_the_role_and_when_it_is_taken(cast, worker, record):
    assert CareRecord.objects.visible_to(fresh(cast.sun)).exists()

    cast.sun.grants.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert not CareRecord.objects.visible_to(fresh(cast.sun)).exists()

    cast.sun.grants.update(ends_on=None)
    worker.end(by=cast.zhou, at=AT)
    assert not CareRecord.objects.visible_to(fresh(cast.sun)).exists()
    with pytest.raises(NotAllowedNow):
        worker.end(by=cast.zhou, at=AT)


def test_nobody_names_himself_and_nobody_twice(cast, worker):
    with pytest.raises(NotAllowedNow):
        CareWorker.name(cast.zhou, cast.plant_one, by=cast.zhou, at=AT)
    with pytest.raises(NotAllowedNow):
        CareWorker.name(cast.sun, cast.plant_one, by=cast.wu, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        CareWorker.objects.create(user=cast.li, unit=cast.group, named_by=cast.li, named_at=AT)


def test_a_care_worker_neither_reads_nor_writes_about_himself(cast, worker, sign_in):
    Consent.give(by=cast.sun, at=AT)
    own = Consent.objects.get()

    assert sign_in(cast.sun).get(f"/care/people/{own.pk}/").status_code == 404
    with pytest.raises(NotAllowedNow):
        CareRecord.write(own, kind="life", happened_on=ON, text="x", by=cast.sun, at=AT)


def test_the_whole_way_by_the_pages(cast, sign_in):
    sign_in(cast.wu).post("/care/workers/", {"user": cast.sun.pk, "unit": cast.plant_one.pk})
    sign_in(cast.wang).post("/care/consent/", {"on": "1"})
    consent = Consent.objects.get()
    page = sign_in(cast.sun).get("/care/people/")
    assert (list(page.context["page"]), page.context["waiting"]) == ([consent], 1)

    to = f"/care/people/{consent.pk}/"
    token = sign_in(cast.sun).get(to).context["form"]["once"].value()
    typed = {"kind": "health", "happened_on": "2026-11-19", "text": SECRET, "once": token}
    for _n in range(2):
        sign_in(cast.sun).post(to, typed)
    record = CareRecord.objects.get()
    assert sign_in(cast.sun).get("/care/people/").context["waiting"] == 0

    assert sign_in(cast.sun).post(to, {**typed, "text": ""}).status_code == 422
    sign_in(cast.wang).post(f"/care/records/{record.pk}/delete/")
    assert CareRecord.objects.count() == 0


def test_a_new_key_takes_over_from_the_old_one(cast, record, settings):
    old, new = settings.CARE_KEYS, [Fernet.generate_key().decode()]
    settings.CARE_KEYS = new
    [opened] = CareRecord.objects.all().read(by=cast.wang, at=AT)
    assert opened.text is None
    with pytest.raises(CommandError, match=str(record.pk)):
        call_command("reseal_care", stdout=StringIO())

    settings.CARE_KEYS = new + old
    call_command("reseal_care", stdout=StringIO())
    settings.CARE_KEYS = new
    [opened] = CareRecord.objects.all().read(by=cast.wang, at=AT)
    assert opened.text == SECRET


def test_without_a_key_care_records_are_off(cast, worker, consent, settings, sign_in):
    settings.CARE_KEYS = []

    assert sign_in(cast.sun).get(f"/care/people/{consent.pk}/").context["records"] == []
    assert sign_in(cast.wang).get("/care/").context["records"] == []
    with pytest.raises(NoKey):
        CareRecord.write(consent, kind="life", happened_on=ON, text="x", by=cast.sun, at=AT)


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_the_same_questions_for_one_and_for_three(
    cast, worker, sign_in, django_assert_num_queries, count
):
    for user in (cast.wang, cast.lin, cast.chen)[:count]:
        Consent.give(by=user, at=AT)
    mine = Consent.objects.get(person=cast.wang.person)
    for _n in range(count):
        CareRecord.write(mine, kind="life", happened_on=ON, text=SECRET, by=cast.sun, at=AT)
    client = sign_in(cast.sun)
    client.get("/care/people/")

    with django_assert_num_queries(14):
        client.get("/care/people/")
    with django_assert_num_queries(18):
        client.get(f"/care/people/{mine.pk}/")
