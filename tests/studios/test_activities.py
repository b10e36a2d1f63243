"""Activities and who came."""

import uuid
from datetime import date

from studios.models import Activity


def at(studio, tail=""):
    return f"/studios/{studio.pk}/activities/{tail}"


def activity(**typed):
    return {"subject": "例会", "held_on": "2026-11-03", "once": str(uuid.uuid4())} | typed


def test_the_liaison_records_who_came(cast, sign_in):
    page = sign_in(cast.lin)

    page.post(
        at(cast.studio_one, "new/"),
        activity(expected="8", present="6", on_leave="1", absent="1", kind="例会", place="一厂三楼"),
    )

    stored = Activity.objects.get()
    assert (stored.studio, stored.held_on, stored.expected, stored.present) == (
        cast.studio_one,
        date(2026, 11, 3),
        8,
        6,
    )
    assert "一厂三楼" in page.get(at(cast.studio_one)).content.decode()


def test_counts_that_do_not_fit_are_refused(cast, sign_in):
    page = sign_in(cast.lin)

    too_many = page.post(at(cast.studio_one, "new/"), activity(expected="5", present="6"))
    too_few = page.post(
        at(cast.studio_one, "new/"), activity(expected="8", present="5", on_leave="1", absent="1")
    )

    assert list(too_many.context["form"].errors) == ["expected"]
    assert too_few.context["form"].errors == {"absent": ["实到、请假、缺席合计 7 人，与应到人数不符。"]}


def test_two_people_who_edit_one_activity_are_merged(cast, sign_in):
    stored = Activity.objects.create(studio=cast.studio_one, subject="例会", held_on=date(2026, 11, 3))
    page, address = sign_in(cast.lin), f"/activities/{stored.pk}/edit/"
    base = {"version": 1, "subject": "例会", "held_on": "2026-11-03"}

    page.post(address, base | {"place": "二楼"})
    page.post(address, base | {"host": "陈立新"})

    stored.refresh_from_db()
    assert (stored.place, stored.host, stored.version) == ("二楼", "陈立新", 3)


def test_members_read_and_strangers_see_nothing(cast, sign_in):
    stored = Activity.objects.create(studio=cast.studio_one, subject="例会", held_on=date(2026, 11, 3))

    assert sign_in(cast.wang).get(at(cast.studio_one)).status_code == 200
    assert sign_in(cast.wang).get(f"/activities/{stored.pk}/edit/").status_code == 403
    assert sign_in(cast.zhao).get(f"/activities/{stored.pk}/edit/").status_code == 404
