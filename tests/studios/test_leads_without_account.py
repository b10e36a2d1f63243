"""A lead who cannot sign in: said before and after the naming, and listed to who can give him an account."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from members.models import Person, User
from reports import attention
from studios.models import Application, Membership, Studio
from tests.studios.applications import application_of

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def led_by_tang(cast):
    """汤萍, who has no account, leads the studio of 一厂."""
    tang = Person.objects.create(name="汤萍", staff_no="9tang", unit=cast.plant_one)
    Membership.objects.filter(studio=cast.studio_one, role="lead").update(role="member")
    Membership.objects.create(studio=cast.studio_one, person=tang, role="lead", joined_on=date(2026, 1, 2))
    return tang


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def first_lines(user):
    studios = Studio.objects.active()
    found = attention.lines(studios, studios.none(), on=TODAY, user=user)
    return [(line.title, line.sub, line.sign, line.href) for line in found if line.icon == "user-plus"]


def test_it_stands_first_before_who_can_give_an_account_and_before_nobody_else(cast, led_by_tang):
    to = f"{reverse('user-new')}?person={led_by_tang.pk}"

    assert first_lines(cast.zhou) == [("陈立新劳模创新工作室", "一厂 · 汤萍", "领衔人没有账号", to)]
    assert first_lines(cast.sun) == []

    User.objects.create_user("tang", person=led_by_tang)
    assert first_lines(cast.zhou) == []


def test_the_page_of_the_studio_says_so_with_the_next_act_until_there_is_an_account(
    cast, sign_in, led_by_tang
):
    page = reverse("studio", args=[cast.studio_one.pk])
    to = f'href="{reverse("user-new")}?person={led_by_tang.pk}"'

    for_admin, for_lead = sign_in(cast.zhou).get(page).text, sign_in(cast.lin).get(page).text

    assert "汤萍是本工作室的领衔人，但还没有账号" in for_admin
    assert to in for_admin
    assert "由集团管理员开通账号" in for_lead
    assert to not in for_lead
    assert "还没有账号" not in sign_in(cast.zhou).get(reverse("studio", args=[cast.studio_two.pk])).text


def test_the_form_of_the_account_is_filled_in_for_whoever_is_meant(cast, sign_in, led_by_tang):
    def begun(person):
        form = sign_in(cast.zhou).get(reverse("user-new"), {"person": person.pk}).context["form"]
        return form.initial.get("person"), form.initial.get("username")

    assert begun(led_by_tang) == (led_by_tang.pk, "9tang")
    assert begun(cast.chen.person) == (None, None)  # he has one


def test_before_the_lead_changes_it_is_said_who_has_no_account_and_afterwards_what_is_next(cast, sign_in):
    tang = Person.objects.create(name="汤萍", unit=cast.plant_one)
    of_tang = cast.studio_one.memberships.create(person=tang, role="member", joined_on=date(2026, 1, 2))
    to = reverse("studio-lead-change", args=[cast.studio_one.pk])
    client = sign_in(cast.zhou)

    choices = dict(client.get(to).context["form"].fields["member"].choices)
    answer = client.post(
        to,
        {
            "member": of_tang.pk,
            "day": TODAY.isoformat(),
            "reason": "换届",
            "stays": "member",
            "seen": cast.chen.person_id,
        },
    )

    assert choices[of_tang.pk] == "汤萍 · 成员（暂无账号）"
    assert choices[cast.studio_one.memberships.get(person=cast.wang.person).pk] == "王芳 · 成员"
    assert said(answer)[-1] == "汤萍还没有账号，暂不能填报。请为其开通账号：工作室页面上有按钮。"


def test_an_application_says_before_and_after_the_naming_that_the_lead_has_no_account(cast, sign_in):
    application = application_of(cast, cast.lin, "unit_checked", lead_name="汤萍", lead_staff_no="9tang")
    client = sign_in(cast.zhou)

    before = client.get(application.get_absolute_url()).text
    answer = client.post(
        reverse("application-decide", args=[application.pk]), {"act": "agree", "opinion": "", "doc_no": ""}
    )

    assert "拟任领衔人还没有账号" in before
    assert said(answer)[-1] == "汤萍还没有账号，暂不能填报。请为其开通账号：工作室页面上有按钮。"
    assert Application.objects.get().studio.lead.name == "汤萍"


def test_of_a_lead_with_an_account_nothing_is_said(cast, sign_in):
    application = application_of(cast, cast.lin, "unit_checked")  # 林小雨 would lead it herself

    assert "还没有账号" not in sign_in(cast.zhou).get(application.get_absolute_url()).text
