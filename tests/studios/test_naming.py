"""From the draft to the named studio, verb by verb."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from core.errors import NotAllowedNow
from members.models import Person
from notifications.models import Notice
from studios import naming
from studios.models import Application, LevelGrant, Membership, Studio
from tests.studios.applications import application_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def told(kind):
    return {notice.recipient.username for notice in Notice.objects.filter(kind=kind)}


def test_the_straight_way_names_a_studio_with_its_people_and_its_lead(cast):
    application = application_of(cast, cast.lin)

    naming.submit(application, by=cast.lin, at=NOW)
    assert (application.state, told("application_to_check")) == ("submitted", {"sun"})
    naming.check(application, by=cast.sun, opinion="属实，同意推荐")
    assert (application.state, told("application_to_decide")) == ("unit_checked", {"zhou", "wu"})
    studio = naming.approve(application, by=cast.zhou, on=TODAY, opinion="同意", doc_no="青工〔2026〕9 号")

    assert (application.state, application.studio, application.decided_by) == ("approved", studio, cast.zhou)
    assert (studio.name, studio.unit, studio.state, studio.level) == (
        "林小雨劳模创新工作室",
        cast.plant_one,
        "active",
        "company",
    )
    members = studio.memberships.order_by("pk").values_list("person__name", "role", "duty", "joined_on")
    assert list(members) == [
        ("林小雨", "lead", "", TODAY),
        ("王芳", "liaison", "资料", TODAY),
        ("许愿", "core", "", TODAY),
        ("高新", "member", "", TODAY),
    ]
    assert list(LevelGrant.objects.filter(studio=studio).values_list("level", "doc_no")) == [
        ("company", "青工〔2026〕9 号")
    ]
    assert list(studio.events.values_list("kind", "after")) == [("named", "林小雨劳模创新工作室")]
    assert [step.state for step in application.steps.all()] == ["submitted", "unit_checked", "approved"]
    assert told("application_approved") == {"lin"}


def test_people_of_the_roster_are_found_and_only_the_unknown_are_added(cast):
    before = Person.objects.count()
    application = application_of(cast, cast.lin, state="unit_checked")

    studio = naming.approve(application, by=cast.zhou, on=TODAY)

    people = {membership.person for membership in studio.memberships.all()}
    assert {cast.lin.person, cast.wang.person, cast.xu.person} < people
    assert Person.objects.count() == before + 1
    assert Person.objects.get(staff_no="77001").name == "高新"


def test_somebody_without_a_staff_number_is_given_the_one_in_the_application(cast):
    team = [{"name": "许愿", "staff_no": "88001", "role": "core"}]
    application = application_of(cast, cast.lin, state="unit_checked", team=team)

    naming.approve(application, by=cast.zhou, on=TODAY)

    cast.xu.person.refresh_from_db()
    assert cast.xu.person.staff_no == "88001"


def test_a_staff_number_of_somebody_else_stops_the_naming_and_nothing_stays(cast):
    team = [{"name": "张三", "staff_no": "9wang", "role": "core"}]
    application = application_of(cast, cast.lin, state="unit_checked", team=team)

    with pytest.raises(NotAllowedNow, match="9wang"):
        naming.approve(application, by=cast.zhou, on=TODAY)

    assert not Studio.objects.filter(name=application.name).exists()
    assert Application.objects.get(pk=application.pk).decided_by is None


def test_the_new_lead_leads_with_the_next_click(cast, sign_in):
    application = application_of(
        cast, cast.xu, state="unit_checked", lead_name="许愿", lead_staff_no="", team=[]
    )

    studio = naming.approve(application, by=cast.zhou, on=TODAY)

    assert sign_in(cast.xu).get(studio.get_absolute_url()).status_code == 200
    assert Membership.objects.get(studio=studio).person == cast.xu.person


@pytest.mark.parametrize("act", ["check", "approve", "refuse", "return"])
def test_nobody_acts_on_his_own_application_whatever_he_is(cast, act):
    state = "submitted" if act == "check" else "unit_checked"
    for applicant in (cast.zhou, cast.root):
        application = application_of(cast, applicant, state=state, name=f"{applicant} 工作室")
        verbs = {
            "check": lambda a=application, u=applicant: naming.check(a, by=u, opinion="好"),
            "approve": lambda a=application, u=applicant: naming.approve(a, by=u, on=TODAY),
            "refuse": lambda a=application, u=applicant: naming.refuse(a, by=u, opinion="不"),
            "return": lambda a=application, u=applicant: naming.return_(a, by=u, opinion="改", fields=[]),
        }
        with pytest.raises(NotAllowedNow):
            verbs[act]()
        assert Application.objects.get(pk=application.pk).state == state


def test_nobody_decides_about_the_studio_he_would_lead_though_somebody_else_filed_it(cast):
    application = application_of(cast, cast.lin, state="unit_checked", lead_name="周 明", lead_staff_no="")

    assert not cast.zhou.has_perm("studios.decide_application", application)
    assert naming.deciders(application) == [cast.wu]
    with pytest.raises(NotAllowedNow):
        naming.approve(application, by=cast.zhou, on=TODAY)

    assert naming.approve(application, by=cast.wu, on=TODAY).lead.name == "周明"


def test_the_group_checks_where_the_only_contact_of_the_unit_would_lead(cast):
    application = application_of(cast, cast.lin, state="submitted", lead_name="孙悦", lead_staff_no="")

    assert not cast.sun.has_perm("studios.check_application", application)
    assert cast.li.has_perm("studios.check_application", application)
    assert cast.sun not in naming.checkers(application)


def test_the_database_itself_refuses_to_let_somebody_decide_his_own(cast):
    application = application_of(cast, cast.zhou, state="unit_checked")

    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(decided_by=cast.zhou)


def test_a_returned_application_names_what_to_correct_and_goes_the_whole_way_again(cast):
    application = application_of(cast, cast.lin, state="unit_checked")

    naming.return_(application, by=cast.zhou, opinion="面积不符", fields=["area", "team"])
    assert (application.state, application.returned_fields) == ("returned", ["area", "team"])
    naming.submit(application, by=cast.lin, at=NOW)

    assert (application.state, application.returned_fields) == ("submitted", [])


@pytest.mark.parametrize("verb", [naming.refuse, naming.return_])
def test_no_without_a_reason_is_not_possible(cast, verb):
    application = application_of(cast, cast.lin, state="unit_checked")
    extra = {"fields": []} if verb is naming.return_ else {}

    with pytest.raises(naming.OpinionMissing):
        verb(application, by=cast.zhou, opinion=" ", **extra)


def test_every_step_that_is_not_in_the_plan_of_states_is_refused(cast):
    verbs = {
        "submitted": lambda a: naming.submit(a, by=cast.lin, at=NOW),
        "unit_checked": lambda a: naming.check(a, by=cast.sun, opinion="好"),
        "approved": lambda a: naming.approve(a, by=cast.zhou, on=TODAY),
        "returned": lambda a: naming.return_(a, by=cast.zhou, opinion="改", fields=[]),
        "refused": lambda a: naming.refuse(a, by=cast.zhou, opinion="不"),
        "withdrawn": lambda a: naming.withdraw(a, by=cast.lin),
    }
    possible = set()
    for state in ("draft", "submitted", "unit_checked", "returned", "refused", "withdrawn"):
        for target, verb in verbs.items():
            application = application_of(cast, cast.lin, state=state)
            try:
                with transaction.atomic():
                    verb(application)
                    possible.add((state, target))
                    transaction.set_rollback(True)
            except NotAllowedNow:
                pass

    assert possible == {
        ("draft", "submitted"),
        ("draft", "withdrawn"),
        ("submitted", "unit_checked"),
        ("submitted", "returned"),
        ("submitted", "refused"),
        ("submitted", "withdrawn"),
        ("unit_checked", "approved"),
        ("unit_checked", "returned"),
        ("unit_checked", "refused"),
        ("unit_checked", "withdrawn"),
        ("returned", "submitted"),
        ("returned", "withdrawn"),
    }


def test_where_the_contact_applies_himself_the_group_checks(cast):
    application = application_of(cast, cast.sun)

    naming.submit(application, by=cast.sun, at=NOW)

    assert told("application_to_check") == {"li", "zhou", "wu"}
    assert cast.li.has_perm("studios.check_application", application)
    assert list(Application.objects.waiting_for(cast.li)) == [application]


def test_where_the_unit_has_a_contact_he_checks_and_not_the_group(cast):
    application = application_of(cast, cast.lin, state="submitted")

    waiting = {
        user.username
        for user in (cast.sun, cast.he, cast.li, cast.zhou, cast.zheng, cast.lin)
        if Application.objects.waiting_for(user).exists()
    }

    assert waiting == {"sun"}
    assert not cast.li.has_perm("studios.check_application", application)


def test_whose_turn_is_over_is_not_told_any_more(cast):
    application = application_of(cast, cast.lin)
    naming.submit(application, by=cast.lin, at=NOW)
    notice = Notice.objects.get(kind="application_to_check")
    assert notice.sort.why_no_longer(notice) is None

    naming.withdraw(application, by=cast.lin)

    assert notice.sort.why_no_longer(notice) == "done"
