"""House rules: the five questions, versions, files."""

import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from studios.models import Rule, RuleVersion

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_their_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def at(studio, tail=""):
    return f"/studios/{studio.pk}/rules/{tail}"


def written(studio, *texts):
    rule = Rule.objects.create(studio=studio, kind="leave", title="请假")
    for number, text in enumerate(texts, 1):
        RuleVersion.objects.create(rule=rule, number=number, text=text, effective_on=date(2026, number, 1))
    return rule


def test_the_lead_writes_a_rule_with_its_file(cast, sign_in):
    page = sign_in(cast.chen)
    form = {
        "kind": "activities",
        "title": "例会制度",
        "text": "每月两次",
        "effective_on": "2026-01-01",
        "once": str(uuid.uuid4()),
        "file": SimpleUploadedFile("例会.pdf", PDF),
    }

    assert page.post(at(cast.studio_one, "new/"), form).status_code == 302

    version = RuleVersion.objects.get()
    assert (version.number, version.text, version.by) == (1, "每月两次", cast.chen)
    answer = page.get(f"/rules/versions/{version.pk}/file/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_file_is_for_those_who_may_read_the_studio(cast, sign_in):
    version = written(cast.studio_one, "一").versions.get()
    RuleVersion.objects.filter(pk=version.pk).update(file="rules/x.pdf")

    assert sign_in(cast.he).get(f"/rules/versions/{version.pk}/file/").status_code == 404


def test_a_script_is_not_taken_for_a_rule(cast, sign_in):
    form = {
        "kind": "leave",
        "title": "请假",
        "text": "提前一天",
        "effective_on": "2026-01-01",
        "once": str(uuid.uuid4()),
        "file": SimpleUploadedFile("请假.html", b"<script>alert(1)</script>"),
    }

    answer = sign_in(cast.chen).post(at(cast.studio_one, "new/"), form)

    assert list(answer.context["wording"].errors) == ["file"]
    assert Rule.objects.count() == 0


def test_a_revision_keeps_the_old_wording_readable(cast, sign_in):
    rule = written(cast.studio_one, "提前一天请假")
    page = sign_in(cast.chen)

    page.post(f"/rules/{rule.pk}/revise/", {"text": "提前两天请假", "effective_on": "2026-06-01", "seen": 1})

    text = page.get(at(cast.studio_one)).content.decode()
    assert "提前两天请假" in text
    assert "提前一天请假" in text
    assert list(rule.versions.values_list("number", "text")) == [(2, "提前两天请假"), (1, "提前一天请假")]


def test_a_version_written_meanwhile_is_shown_first(cast, sign_in):
    rule = written(cast.studio_one, "一", "二")
    page = sign_in(cast.chen)
    mine = {"text": "我的", "effective_on": "2026-06-01", "seen": 1}

    answer = page.post(f"/rules/{rule.pk}/revise/", mine)

    assert "在此期间已有人写入第 2 版" in answer.content.decode()
    assert "我的" in answer.content.decode()
    page.post(f"/rules/{rule.pk}/revise/", mine | {"seen": 2})
    assert rule.versions.first().number == 3


def test_the_version_in_force_is_the_latest_that_has_begun(cast, sign_in):
    rule = written(cast.studio_one, "一", "二")
    RuleVersion.objects.create(rule=rule, number=3, text="三", effective_on=date(2999, 1, 1))

    [shown] = sign_in(cast.wang).get(at(cast.studio_one)).context["rules"]

    assert shown.in_force.text == "二"
    assert [version.text for version in shown.others] == ["三", "一"]


def test_the_questions_not_settled_are_named(cast, sign_in):
    written(cast.studio_one, "一")

    missing = sign_in(cast.wang).get(at(cast.studio_one)).context["missing"]

    assert [kind.value for kind in missing] == ["activities", "coordination", "appraisal", "reward"]


def test_two_rules_of_one_title_are_refused(cast, sign_in):
    written(cast.studio_one, "一")
    form = {
        "kind": "other",
        "title": "请假",
        "text": "又",
        "effective_on": "2026-01-01",
        "once": str(uuid.uuid4()),
    }

    answer = sign_in(cast.chen).post(at(cast.studio_one, "new/"), form)

    assert list(answer.context["form"].errors) == ["title"]


def test_a_member_does_not_write_rules(cast, sign_in):
    rule = written(cast.studio_one, "一")

    assert sign_in(cast.wang).post(f"/rules/{rule.pk}/revise/", {}).status_code == 403


def test_a_rule_that_is_not_in_force_yet_says_how_far_that_day_is(cast, sign_in, time_machine):
    time_machine.move_to("2026-11-20 10:00+08:00")
    rule = Rule.objects.create(studio=cast.studio_one, kind="leave", title="请假")
    for number, day in ((1, date(2026, 11, 16)), (2, date(2026, 11, 25))):
        RuleVersion.objects.create(rule=rule, number=number, text="提前两天", effective_on=day)

    text = sign_in(cast.chen).get(f"/studios/{cast.studio_one.pk}/rules/").content.decode()

    assert '2026年11月25日（周三） · <span class="nowrap">3 个工作日后</span>' in text
    assert "2026年11月16日（周一）</span>" in text
