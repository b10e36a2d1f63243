"""The bin: deleting keeps a record whole for ninety days, and one click brings it back."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from core.errors import NotAllowedNow
from projects.models import Indicator, Milestone, Plan, PlanItem, Topic
from projects.progress import add_up, find_drift, report
from studios import bin
from studios.models import Activity, Deleted, Rule
from studios.tasks import purge_bins

NOW = datetime(2026, 9, 18, 4, tzinfo=UTC)


@pytest.fixture
def item(cast):
    """An item of September with a helper and an indicator of two milestones, beside a finished one."""
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-09")
    item = PlanItem.objects.create(plan=plan, content="完成试验", owner=cast.wang.person, weight=3)
    item.helpers.add(cast.lin.person)
    indicator = Indicator.objects.create(item=item, person=cast.wang.person, kind="milestones", name="两步")
    Milestone.objects.create(indicator=indicator, title="第一步")
    Milestone.objects.create(indicator=indicator, title="第二步")
    done = PlanItem.objects.create(plan=plan, content="写总结")
    report(done, by=cast.chen, at=NOW, percent=Decimal(100))
    return item


def september(cast):
    return Plan.objects.get(studio=cast.studio_one, period="2026-09")


def restore(client, kept):
    return client.post(reverse("bin-restore", args=[kept.pk]))


def test_a_deleted_item_is_in_the_bin_with_who_and_when_and_the_figures_follow(sign_in, cast, item):
    assert september(cast).shown == "25"

    page = sign_in(cast.chen).post(reverse("item-delete", args=[item.pk]), follow=True)

    assert september(cast).shown == "100"
    assert list(find_drift()) == []
    text = sign_in(cast.lin).get(reverse("studio-bin", args=[cast.studio_one.pk])).content.decode()
    assert [word for word in ("完成试验", "计划项", "陈立新", "恢复") if word not in text] == []
    assert "已放入回收站" in page.content.decode()


def test_undo_in_the_bar_brings_the_item_back_as_it_was_and_the_figures_follow(sign_in, cast, item):
    before = PlanItem.objects.filter(pk=item.pk).values().get()
    client = sign_in(cast.chen)
    bar = client.post(reverse("item-delete", args=[item.pk]), follow=True).content.decode()
    kept = Deleted.objects.get()

    assert f'action="{reverse("bin-restore", args=[kept.pk])}"' in bar
    response = restore(client, kept)

    assert response.url == item.get_absolute_url()
    assert PlanItem.objects.filter(pk=item.pk).values().get() == before
    assert [person.name for person in item.helpers.all()] == ["林小雨"]
    assert [step.title for step in item.indicators.get().milestones.all()] == ["第一步", "第二步"]
    assert september(cast).shown == "25"
    assert list(find_drift()) == []
    assert Deleted.objects.count() == 0


def test_its_history_says_that_it_was_deleted_and_is_back(cast, item):
    kept = bin.put(item, by=cast.chen, at=NOW)
    bin.take_out(kept, by=cast.lin)

    told = [(record.history_type, str(record.history_user or "")) for record in item.history.all()]

    assert told[0] == ("+", "林小雨")
    assert told[1][0] == "-"


@pytest.mark.parametrize("kind", ["topic", "activity", "rule"])
def test_topics_activities_and_rules_go_the_same_way(sign_in, cast, kind):
    studio = cast.studio_one
    record = {
        "topic": lambda: Topic.objects.create(studio=studio, title="降低残极率", no="KT-1"),
        "activity": lambda: Activity.objects.create(
            studio=studio, subject="九月例会", held_on=date(2026, 9, 3)
        ),
        "rule": lambda: Rule.objects.create(studio=studio, kind="leave", title="请假"),
    }[kind]()
    if kind == "rule":
        record.versions.create(number=1, text="提前一天", effective_on=date(2026, 1, 1), by=cast.chen)
    stored = type(record).objects.filter(pk=record.pk)
    before = stored.values().get()
    client = sign_in(cast.chen)

    client.post(reverse(f"{kind}-delete", args=[record.pk]))
    assert not stored.exists()
    restore(client, Deleted.objects.get())

    assert stored.values().get() == before
    if kind == "rule":
        assert record.versions.get().text == "提前一天"


def test_the_wording_of_a_rule_keeps_the_moment_it_was_written(cast):
    rule = Rule.objects.create(studio=cast.studio_one, kind="leave", title="请假")
    version = rule.versions.create(number=1, text="提前一天", effective_on=date(2026, 1, 1))
    type(version).objects.update(at=datetime(2024, 5, 6, tzinfo=UTC))

    bin.take_out(bin.put(rule, by=cast.chen, at=NOW), by=cast.chen)

    assert rule.versions.get().at == datetime(2024, 5, 6, tzinfo=UTC)


def test_a_topic_that_items_serve_stays(sign_in, cast, item):
    topic = Topic.objects.create(studio=cast.studio_one, title="降低残极率")
    PlanItem.objects.filter(pk=item.pk).update(topic=topic)

    page = sign_in(cast.chen).post(reverse("topic-delete", args=[topic.pk]), follow=True)

    assert "还有别的内容用到它" in page.content.decode()
    assert Topic.objects.filter(pk=topic.pk).exists()
    assert Deleted.objects.count() == 0


def test_what_it_belonged_to_is_gone_so_it_cannot_come_back_and_stays_in_the_bin(sign_in, cast, item):
    topic = Topic.objects.create(studio=cast.studio_one, title="降低残极率")
    item.topic = topic
    item.save()
    kept = bin.put(item, by=cast.chen, at=NOW)
    bin.put(topic, by=cast.chen, at=NOW)

    page = sign_in(cast.chen).post(reverse("bin-restore", args=[kept.pk]), follow=True)

    assert "无法恢复" in page.content.decode()
    assert Deleted.objects.filter(pk=kept.pk).exists()
    assert not PlanItem.objects.filter(pk=item.pk).exists()


def test_a_number_that_was_given_away_meanwhile_keeps_it_in_the_bin(cast):
    topic = Topic.objects.create(studio=cast.studio_one, title="旧的", no="KT-1")
    kept = bin.put(topic, by=cast.chen, at=NOW)
    Topic.objects.create(studio=cast.studio_one, title="新的", no="KT-1")

    with pytest.raises(bin.Homeless):
        bin.take_out(kept, by=cast.chen)

    assert Deleted.objects.filter(pk=kept.pk).exists()


def test_it_is_deleted_once_and_brought_back_once(cast, item):
    kept = bin.put(item, by=cast.chen, at=NOW)

    with pytest.raises(NotAllowedNow):
        bin.put(item, by=cast.lin, at=NOW)
    bin.take_out(kept, by=cast.chen)
    with pytest.raises(NotAllowedNow):
        bin.take_out(kept, by=cast.lin)

    assert PlanItem.objects.filter(pk=item.pk).count() == 1


def test_another_studio_neither_sees_nor_restores_it(sign_in, cast, item):
    kept = bin.put(item, by=cast.chen, at=NOW)

    assert sign_in(cast.zhao).get(reverse("studio-bin", args=[cast.studio_one.pk])).status_code == 404
    assert restore(sign_in(cast.zhao), kept).status_code == 404
    assert restore(sign_in(cast.wang), kept).status_code == 403


def test_after_ninety_days_it_is_gone_for_good_with_its_files(cast, django_capture_on_commit_callbacks):
    rule = Rule.objects.create(studio=cast.studio_one, kind="leave", title="请假")
    file = ContentFile(b"%PDF-1.4", name="rule.pdf")
    version = rule.versions.create(number=1, text="一", effective_on=date(2026, 1, 1), file=file)
    bin.put(rule, by=cast.chen, at=NOW)

    with django_capture_on_commit_callbacks(execute=True):
        assert bin.purge(NOW + timedelta(days=89)) == 0
    assert default_storage.exists(version.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        assert bin.purge(NOW + timedelta(days=90)) == 1

    assert Deleted.objects.count() == 0
    assert not default_storage.exists(version.file.name)


def test_the_nightly_task_purges(cast, item):
    bin.put(item, by=cast.chen, at=datetime(2020, 1, 1, tzinfo=UTC))

    purge_bins()

    assert Deleted.objects.count() == 0


def test_an_empty_bin_says_what_would_lie_in_it(sign_in, cast):
    add_up(september(cast))

    page = sign_in(cast.chen).get(reverse("studio-bin", args=[cast.studio_one.pk]))

    assert "回收站是空的" in page.content.decode()
    assert "保留90天" in page.content.decode().replace(" ", "")
