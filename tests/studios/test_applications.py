"""The application form and the approver's page, as people use them."""

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from studios.criteria import conditions
from studios.models import Application, Studio
from tests.studios.applications import application_of

pytestmark = pytest.mark.django_db


def typed(client, address, **changes):
    """What the browser would send back from the form at an address, with some fields changed."""
    form = client.get(address).context["form"]
    data = {}
    for name in form.fields:
        if name in form.TABLES:
            table = form.tables()[name]
            data |= {f"{name}-TOTAL_FORMS": table.total_form_count(), f"{name}-INITIAL_FORMS": 0}
            for row in table.forms:
                data |= {
                    f"{row.prefix}-{key}": row[key].value() or "" for key in row.fields if key != "DELETE"
                }
        else:
            value = form[name].value()
            data[name] = "" if value is None else value
    return data | changes


def test_a_draft_is_saved_half_finished_and_gone_on_with(sign_in, cast):
    client = sign_in(cast.lin)
    new = reverse("application-new")

    answer = client.post(new, typed(client, new, name="林小雨工作室", act="save"))

    draft = Application.objects.get()
    assert answer.url == reverse("application-edit", args=[draft.pk])
    assert (draft.state, draft.name, draft.unit, draft.team) == ("draft", "林小雨工作室", cast.plant_one, [])


def test_the_long_form_is_saved_part_by_part_and_ticks_what_is_filled_in(sign_in, cast):
    client, new = sign_in(cast.lin), reverse("application-new")
    about_the_studio = {"name": "林小雨工作室", "trade": "仪表", "address": "一厂 305"}

    answer = client.post(new, typed(client, new, act="part-1") | about_the_studio)

    edit = reverse("application-edit", args=[Application.objects.get().pk])
    assert answer.url == f"{edit}#part-1"
    page = client.get(edit)
    assert [(str(title), state, note) for title, state, note, _to in page.context["form"].steps()] == [
        ("工作室情况", "done", "已填"),
        ("领衔人", "now", "还有 1 项必填"),
        ("工作室团队", "next", "还有 1 项必填"),
        ("本年度与下年度课题", "next", "还有 1 项必填"),
        ("场所、制度与经费", "next", "有则填写"),
        ("成果与事迹", "next", "还有 1 项必填"),
    ]
    assert 'href="#part-1"' in page.content.decode()
    assert 'value="part-1"' in page.content.decode()


def test_the_form_begins_with_whoever_applies_as_the_lead(sign_in, cast):
    cast.lin.person.honours = "厂劳动模范"
    cast.lin.person.save()

    form = sign_in(cast.lin).get(reverse("application-new")).context["form"]

    begun = [form[name].value() for name in ("lead_name", "lead_staff_no", "lead_honours")]
    assert begun == ["林小雨", "9lin", "厂劳动模范"]


def test_where_there_is_no_application_yet_the_first_is_begun(sign_in, cast):
    page = sign_in(cast.lin).get(reverse("applications")).content.decode()

    nothing = page[page.index('class="x-empty"') :]
    assert "暂无申报" in nothing
    assert f'href="{reverse("application-new")}"' in nothing


def test_the_list_of_whom_nothing_waits_for_does_not_speak_of_others(sign_in, cast):
    application_of(cast, cast.lin, state="draft")

    page = sign_in(cast.lin).get(reverse("applications")).content.decode()

    assert "其他申报" not in page
    assert "1 份申报" in page


def test_the_conditions_say_how_many_a_team_are_and_what_is_not_filled_in(cast):
    application = application_of(cast, cast.lin, area=None, team=[{"name": "王芳"}])

    said = {what: found for what, _met, found in conditions(application)}

    assert said["有团队，领衔人以外不少于 3 人"] == "领衔人以外 1 人"
    assert said["固定场所，不小于 20 平方米"] == "未填写"


def test_the_same_new_form_sent_twice_makes_one_draft(sign_in, cast):
    client = sign_in(cast.lin)
    new = reverse("application-new")
    data = typed(client, new, name="林小雨工作室", act="save")

    client.post(new, data), client.post(new, data)

    assert Application.objects.count() == 1


def test_rows_of_the_team_are_added_and_removed_without_javascript(sign_in, cast):
    draft = application_of(cast, cast.lin)
    edit = reverse("application-edit", args=[draft.pk])
    client = sign_in(cast.lin)

    changes = {"team-0-DELETE": "on", "team-3-name": "钱 多", "team-3-role": "adviser", "act": "team"}
    answer = client.post(edit, typed(client, edit, **changes))

    draft.refresh_from_db()
    assert answer.url == f"{edit}#id_team"
    assert draft.team == [
        {"name": "许愿", "role": "core"},
        {"name": "高新", "staff_no": "77001", "role": "member"},
        {"name": "钱多", "role": "adviser"},
    ]
    assert len(client.get(edit).context["form"].tables()["team"].forms) == 6  # three and three blank ones


def test_a_row_that_makes_no_sense_keeps_the_form_open_and_what_was_typed(sign_in, cast):
    draft = application_of(cast, cast.lin)
    edit = reverse("application-edit", args=[draft.pk])
    client = sign_in(cast.lin)

    page = client.post(edit, typed(client, edit, **{"topics-0-due_on": "31.2.2027", "topics-1-target": "5"}))

    assert page.status_code == 200
    assert "31.2.2027" in page.content.decode()
    draft.refresh_from_db()
    assert draft.topics == [{"title": "流量计在线校准", "target": "0.5", "unit_of_measure": "%"}]


def test_handing_in_asks_for_what_is_missing_with_a_link_to_each_place(sign_in, cast):
    draft = application_of(cast, cast.lin, address="", team=[])
    edit = reverse("application-edit", args=[draft.pk])
    client = sign_in(cast.lin)

    answer = client.post(edit, typed(client, edit, act="submit"))
    page = client.get(answer.url).content.decode()

    assert answer.url == f"{edit}?check=1"
    assert 'href="#id_address"' in page
    assert 'id="id_address"' in page
    assert 'href="#id_team"' in page
    assert 'id="id_team"' in page
    assert Application.objects.get().state == "draft"


def test_a_whole_application_is_handed_in_and_cannot_be_changed_then(sign_in, cast):
    draft = application_of(cast, cast.lin)
    edit = reverse("application-edit", args=[draft.pk])
    client = sign_in(cast.lin)
    data = typed(client, edit, act="submit")

    assert client.post(edit, data).url == draft.get_absolute_url()
    assert client.post(edit, {**data, "name": "另一个"}).url == draft.get_absolute_url()

    draft.refresh_from_db()
    assert (draft.state, draft.name) == ("submitted", "林小雨劳模创新工作室")


def test_what_was_returned_is_marked_in_the_form_of_the_applicant(sign_in, cast):
    application = application_of(cast, cast.lin, state="unit_checked")
    decide = reverse("application-decide", args=[application.pk])

    sign_in(cast.zhou).post(
        decide, {"act": "return", "opinion": "面积不符", "fields_to_correct": ["area", "team"]}
    )
    page = sign_in(cast.lin).get(reverse("application-edit", args=[application.pk]))

    marked = [
        bound.name
        for _title, _here, _after, fields in page.context["form"].parts()
        for bound, _table, back in fields
        if back
    ]
    assert marked == ["area", "team"]
    assert "面积不符" in page.content.decode()
    assert page.content.decode().count("需修改") == 2


def test_the_administrator_finds_it_in_his_queue_and_names_the_studio_on_one_page(sign_in, cast):
    application = application_of(cast, cast.lin, state="unit_checked")
    client = sign_in(cast.zhou)

    queue = client.get(reverse("applications"))
    assert queue.context["waiting"] == [application]
    page = client.get(application.get_absolute_url()).content.decode()
    assert all(words in page for words in ("同意命名", "退回修改", "不予命名", "命名条件"))
    decide = reverse("application-decide", args=[application.pk])
    answer = client.post(decide, {"act": "agree", "opinion": "同意", "doc_no": "青工〔2026〕9 号"})

    studio = Studio.objects.get(name="林小雨劳模创新工作室")
    assert answer.url == studio.get_absolute_url()
    assert client.get(reverse("applications")).context["waiting_count"] == 0


def test_after_a_decision_the_next_that_waits_opens_by_itself(sign_in, cast):
    first, second, own = (
        application_of(
            cast, by, state="unit_checked", name=name, submitted_at=datetime(2026, 3, day, tzinfo=UTC)
        )
        for by, name, day in (
            (cast.lin, "甲工作室", 2),
            (cast.chen, "乙工作室", 3),
            (cast.zhou, "丙工作室", 1),
        )
    )
    client = sign_in(cast.zhou)

    after_the_first = client.post(
        reverse("application-decide", args=[first.pk]), {"act": "return", "opinion": "请补充场地"}
    )
    after_the_last = client.post(
        reverse("application-decide", args=[second.pk]), {"act": "refuse", "opinion": "条件不足"}
    )

    assert after_the_first.url == second.get_absolute_url()
    assert after_the_last.url == second.get_absolute_url() != own.get_absolute_url()


def test_whoever_comes_second_is_told_and_sees_how_it_stands(sign_in, cast):
    application = application_of(cast, cast.lin, state="unit_checked")
    decide = reverse("application-decide", args=[application.pk])
    agree = {"act": "agree", "opinion": "同意"}

    sign_in(cast.zhou).post(decide, agree)
    second = sign_in(cast.wu).post(
        decide, agree, headers={"referer": f"http://testserver{application.get_absolute_url()}"}
    )

    assert (second.status_code, second.url) == (303, application.get_absolute_url())
    assert Studio.objects.filter(name=application.name).count() == 1


def test_no_without_an_opinion_stays_on_the_page_with_what_was_ticked(sign_in, cast):
    application = application_of(cast, cast.lin, state="unit_checked")
    decide = reverse("application-decide", args=[application.pk])

    page = sign_in(cast.zhou).post(decide, {"act": "return", "opinion": " ", "fields_to_correct": ["area"]})

    assert page.status_code == 200
    assert "请填写意见" in page.content.decode()
    assert Application.objects.get().state == "unit_checked"


def test_proofs_are_taken_by_their_content_and_given_only_to_those_who_may_read(sign_in, cast):
    draft = application_of(cast, cast.lin)
    new = reverse("application-file-new", args=[draft.pk])
    client = sign_in(cast.lin)

    client.post(new, {"file": SimpleUploadedFile("荣誉.pdf", b"%PDF-1.4 nothing")})
    client.post(new, {"file": SimpleUploadedFile("page.pdf", b"<html><script>alert(1)</script>")})

    (proof,) = draft.files.all()
    answer = client.get(reverse("application-file", args=[proof.pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 nothing"
    assert sign_in(cast.wang).get(reverse("application-file", args=[proof.pk])).status_code == 404


def test_the_queue_takes_the_same_number_of_queries_for_one_and_for_three(
    sign_in, cast, django_assert_num_queries
):
    client = sign_in(cast.zhou)
    client.get(reverse("applications"))
    application_of(cast, cast.lin, state="unit_checked")
    with django_assert_num_queries(10):
        client.get(reverse("applications"))
    (
        application_of(cast, cast.lin, state="unit_checked", name="二"),
        application_of(cast, cast.wu, state="refused"),
    )
    with django_assert_num_queries(10):
        client.get(reverse("applications"))


@pytest.mark.parametrize(
    ("name", "state", "by"), [("check", "submitted", "sun"), ("decide", "unit_checked", "zhou")]
)
def test_what_was_rewritten_meanwhile_is_not_agreed_to_unread(sign_in, cast, name, state, by):
    application = application_of(cast, cast.lin, state=state)
    reader = getattr(cast, by)
    page = sign_in(reader).get(application.get_absolute_url())
    read = page.context["opinion"]["seen"].value()
    assert f'name="seen" value="{read}"' in page.content.decode()
    Application.objects.update(area=900, version=read + 2)

    decide = reverse(f"application-{name}", args=[application.pk])
    agree = {"act": "agree", "opinion": "同意"}
    answer = sign_in(reader).post(decide, {**agree, "seen": read})

    application.refresh_from_db()
    assert (answer.status_code, application.state) == (303, state)
    sign_in(reader).post(decide, {**agree, "seen": read + 2})
    application.refresh_from_db()
    assert application.state != state


def test_a_staff_number_typed_with_spaces_is_still_ones_own(cast):
    cast.sun.person.staff_no = "9001"
    cast.sun.person.save()
    application = application_of(cast, cast.lin, state="submitted", lead_staff_no="90 01", lead_name="孙 悦")

    assert not cast.sun.has_perm("studios.check_application", application)
