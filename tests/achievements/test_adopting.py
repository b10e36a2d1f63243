"""What one studio finds is used by others: offered, answered, used, verified."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from achievements import adopting
from achievements.models import Achievement, Adoption, Offer
from core.errors import NotAllowedNow
from members.models import Person
from notifications.models import Notice
from projects.progress import ReasonMissing
from studios.models import Membership, Studio
from tests.conftest import make_user

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def welding(cast):
    return Achievement.objects.create(studio=cast.studio_one, name="焊缝检测操作法")


def offer(achievement, *studios, by, at=NOW, text="欢迎来看"):
    return adopting.offer(achievement, studios, text=text, by=by, at=at)


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("recipient__username", flat=True))


def lead_of(studio, username, name="孟工"):
    person = Person.objects.create(name=name, unit=studio.unit)
    Membership.objects.create(studio=studio, person=person, role="lead", joined_on=date(2023, 3, 1))
    return make_user(username, person)


def another(cast, number, **fields):
    return Studio.objects.create(
        name=f"第{number}劳模创新工作室", unit=cast.plant_two, position=10 + number, **fields
    )


def version_of(achievement, studio):
    return achievement.adoptions.filter(studio=studio).values_list("version", flat=True).first() or 0


def answer(achievement, studio, state, *, by, at=NOW, **said):
    seen = version_of(achievement, studio)
    return adopting.answer(achievement, studio, state, seen=seen, by=by, at=at, **said)


def use(client, achievement, studio, act, **typed):
    typed = {"studio": studio.pk, "act": act, "seen": version_of(achievement, studio), **typed}
    return client.post(reverse("achievement-use", args=[achievement.pk]), typed, follow=True)


def test_an_offer_reaches_each_lead_once_whatever_he_leads_and_never_who_offers(cast, welding):
    third = another(cast, 3)
    Membership.objects.create(studio=third, person=cast.zhao.person, role="lead", joined_on=date(2024, 1, 1))
    own_too = another(cast, 4)
    Membership.objects.create(
        studio=own_too, person=cast.chen.person, role="lead", joined_on=date(2024, 1, 1)
    )

    made = offer(welding, cast.studio_two, third, own_too, by=cast.chen)

    assert [adoption.studio for adoption in made] == [cast.studio_two, third, own_too]
    assert told("achievement_offered") == ["zhao"]
    notice = Notice.objects.get()
    assert notice.url == f"/achievements/{welding.pk}/#use"
    assert notice.sentence == "陈立新劳模创新工作室向您推介一项成果：焊缝检测操作法"
    assert [row.history_user for adoption in made for row in adoption.history.all()] == [cast.chen] * 3


def test_who_was_asked_is_not_asked_again_and_a_studio_never_asks_itself(cast, welding):
    offer(welding, cast.studio_two, by=cast.chen)

    with pytest.raises(adopting.NobodyLeft):
        offer(welding, cast.studio_one, cast.studio_two, by=cast.lin, at=LATER)

    assert Offer.objects.count() == 1
    assert told("achievement_offered") == ["zhao"]


def test_the_form_offers_like_studios_first_then_all_others_by_their_units(cast, welding, sign_in):
    like, other = another(cast, 3, trade="管道焊接"), another(cast, 4, trade="物流")
    another(cast, 5, trade="焊接", state="suspended")

    form = sign_in(cast.chen).get(welding.get_absolute_url()).context["offer_form"]

    assert form.like == [(like, False)]
    assert form.units == [(cast.plant_two, [(cast.studio_two, False), (other, False)])]


def test_a_double_click_sends_one_offer_and_without_a_studio_it_is_asked_again(cast, welding, sign_in):
    client = sign_in(cast.chen)
    once = client.get(welding.get_absolute_url()).context["offer_form"]["once"].value()
    to = reverse("achievement-offer", args=[welding.pk])

    empty = client.post(to, {"once": once, "text": "欢迎来看"})
    for _twice in range(2):
        page = client.post(
            to, {"once": once, "text": "欢迎来看", "studios": [cast.studio_two.pk]}, follow=True
        )

    assert empty.status_code == 422
    assert "请至少选择一个工作室" in empty.content.decode()
    assert "欢迎来看" in empty.content.decode()
    assert Offer.objects.count() == 1
    assert "待答复" in page.content.decode()


def test_the_adopter_answers_in_use_and_the_origin_is_told(cast, welding, sign_in):
    offer(welding, cast.studio_two, by=cast.lin)
    client = sign_in(cast.zhao)
    page = client.get(welding.get_absolute_url()).content.decode()
    assert "欢迎来看" in page
    assert "我们采用" in page

    use(client, welding, cast.studio_two, "in_use", place="二厂熔炼线", people_count="12", saved="3.5")

    adoption = Adoption.objects.get()
    assert (adoption.state, adoption.since_on, adoption.place, adoption.people_count, adoption.saved) == (
        "in_use",
        date(2026, 11, 20),
        "二厂熔炼线",
        12,
        Decimal("3.5"),
    )
    assert (adoption.answered_by, adoption.answered_at) == (cast.zhao, NOW)
    assert told("adoption_in_use") == ["chen", "lin"]
    assert welding.adoptions.in_use().count() == 1
    assert [row.state for row in adoption.history.order_by("version")] == ["offered", "in_use"]


def test_not_for_us_says_why(cast, welding, sign_in):
    offer(welding, cast.studio_two, by=cast.chen)
    client = sign_in(cast.zhao)

    silent = use(client, welding, cast.studio_two, "declined")
    assert silent.status_code == 422
    assert "请说明原因" in silent.content.decode()
    with pytest.raises(ReasonMissing):
        answer(welding, cast.studio_two, "declined", by=cast.zhao, at=NOW, reason=" ")
    use(client, welding, cast.studio_two, "declined", reason="设备型号不同")

    adoption = Adoption.objects.get()
    assert (adoption.state, adoption.reason) == ("declined", "设备型号不同")
    assert told("adoption_declined") == ["chen"]
    assert "设备型号不同" in sign_in(cast.chen).get(welding.get_absolute_url()).content.decode()


def test_we_use_this_starts_without_an_offer_where_it_is_shown_to_all(cast, welding, sign_in):
    client = sign_in(cast.zhao)
    assert use(client, welding, cast.studio_two, "trying").status_code == 404
    Achievement.objects.update(is_shown_to_all=True)

    use(client, welding, cast.studio_two, "trying")
    use(client, welding, cast.studio_two, "in_use", since_on="2026-10-01")

    adoption = Adoption.objects.get()
    assert (adoption.state, adoption.offer, adoption.since_on) == ("in_use", None, date(2026, 10, 1))
    assert told("adoption_trying") == ["chen"]
    use(client, welding, cast.studio_two, "ended", reason="设备已更新")
    assert answer(welding, cast.studio_two, "trying", by=cast.zhao, at=LATER).reason == ""


def test_nobody_speaks_for_a_studio_he_does_not_steer(cast, welding, sign_in):
    offer(welding, cast.studio_two, by=cast.chen)
    to = reverse("achievement-use", args=[welding.pk])
    wanted = {"studio": cast.studio_two.pk, "act": "in_use", "seen": 1}

    codes = {
        name: sign_in(getattr(cast, name)).post(to, wanted).status_code
        for name in ("qian", "he", "chen", "wang", "li", "qiu", "xu")
    }

    assert codes == {"qian": 403, "he": 403, "chen": 403, "wang": 403, "li": 403, "qiu": 403, "xu": 404}
    third = another(cast, 3)
    lead = lead_of(third, "meng")
    Achievement.objects.update(is_shown_to_all=True)
    assert sign_in(lead).post(to, wanted).status_code == 422  # not his studio
    assert Adoption.objects.get().state == "offered"


def test_whoever_answers_second_is_told_how_it_stands(cast, welding, sign_in):
    offer(welding, cast.studio_two, by=cast.chen)
    answer(welding, cast.studio_two, "in_use", by=cast.zhao, at=NOW)

    page = use(sign_in(cast.zhao), welding, cast.studio_two, "ended", reason="没看清", seen=1)

    assert str(NotAllowedNow.sentence) in page.content.decode()
    assert Adoption.objects.get().state == "in_use"
    with pytest.raises(NotAllowedNow):
        answer(welding, cast.studio_two, "in_use", by=cast.zhao, at=NOW)


def test_the_union_verifies_what_it_saw_and_a_change_takes_that_back(cast, welding, sign_in):
    adoption = answer(welding, cast.studio_two, "in_use", by=cast.zhao, at=NOW, place="熔炼线")
    verify = reverse("adoption-verify", args=[adoption.pk])
    edit = reverse("adoption-edit", args=[adoption.pk])
    assert sign_in(cast.zhao).post(verify, {"seen": 1}).status_code == 403
    assert sign_in(cast.sun).post(verify, {"seen": 1}).status_code == 403  # the union of the other plant

    sign_in(cast.he).post(verify, {"seen": 1})
    adoption.refresh_from_db()
    assert (adoption.state, adoption.verified_by, adoption.verified_at) == ("verified", cast.he, NOW)

    typed = {"version": adoption.version, "since_on": "2026-11-20", "place": "熔炼线", "saved": "9"}
    sign_in(cast.zhao).post(edit, typed)
    adoption.refresh_from_db()
    assert (adoption.state, adoption.verified_by, adoption.saved) == ("in_use", None, 9)

    sign_in(cast.he).post(verify, {"seen": 1})  # what he saw is not what stands now
    adoption.refresh_from_db()
    assert adoption.state == "in_use"


def test_the_use_edited_by_two_is_merged(cast, welding, sign_in):
    adoption = answer(welding, cast.studio_two, "trying", by=cast.zhao, at=NOW)
    edit = reverse("adoption-edit", args=[adoption.pk])
    client = sign_in(cast.zhao)

    client.post(edit, {"version": 1, "place": "熔炼线"})
    client.post(edit, {"version": 1, "people_count": "8"})

    adoption.refresh_from_db()
    assert (adoption.place, adoption.people_count, adoption.state) == ("熔炼线", 8, "trying")
    answer(welding, cast.studio_two, "ended", by=cast.zhao, at=NOW, reason="效果不明显")
    assert client.get(edit).status_code == 303


def test_an_offer_that_was_answered_is_not_told_any_more(cast, welding):
    offer(welding, cast.studio_two, by=cast.chen)
    notice = Notice.objects.get()
    assert notice.sort.why_no_longer(notice) is None

    answer(welding, cast.studio_two, "trying", by=cast.zhao, at=NOW)

    assert notice.sort.why_no_longer(Notice.objects.get(pk=notice.pk)) == "done"
    trying = Notice.objects.get(kind="adoption_trying")
    assert trying.sort.why_no_longer(trying) is None
    answer(welding, cast.studio_two, "in_use", by=cast.zhao, at=LATER)
    assert trying.sort.why_no_longer(Notice.objects.get(pk=trying.pk)) == "done"


def test_what_waits_for_an_answer_stands_on_the_month_page_of_the_lead_alone(cast, welding, sign_in):
    offer(welding, cast.studio_two, by=cast.chen)
    month = reverse("month", args=[cast.studio_two.pk, "2026-11"])

    assert "向您推介的成果" in sign_in(cast.zhao).get(month).content.decode()
    assert "向您推介的成果" not in sign_in(cast.qian).get(month).content.decode()
    assert (
        "向您推介的成果"
        in sign_in(cast.zhao).get(reverse("studio-achievements", args=[cast.studio_two.pk])).content.decode()
    )
