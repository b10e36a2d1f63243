"""Two people open the same record and both save."""

import pytest
from django import forms

from core.versions import ChangedMeanwhile, VersionedFormMixin, save_form
from studios.models import Studio


class StudioForm(VersionedFormMixin, forms.ModelForm):
    class Meta:
        model = Studio
        fields = ["name", "trade", "note", "unit"]


def opened(studio, **typed):
    """What the browser sends back from a form that was opened now, with some fields typed over."""
    form = StudioForm(instance=Studio.objects.get(pk=studio.pk))
    return {name: form[name].value() or "" for name in form.fields} | typed


def save(studio, data):
    return save_form(lambda: StudioForm(data, instance=Studio.objects.get(pk=studio.pk)))


def stored(studio):
    return Studio.objects.values_list("trade", "note", "version").get(pk=studio.pk)


def test_saving_raises_the_version_and_leaves_a_history(cast):
    save(cast.studio_one, opened(cast.studio_one, trade="堆焊"))

    assert stored(cast.studio_one) == ("堆焊", "", 2)
    history = cast.studio_one.history.order_by("version").values_list("version", "trade")
    assert list(history) == [(1, "焊接"), (2, "堆焊")]


def test_changes_to_different_fields_are_merged(cast):
    hers, his = opened(cast.studio_one, trade="堆焊"), opened(cast.studio_one, note="已迁址")
    save(cast.studio_one, hers)

    form, saved = save(cast.studio_one, his)

    assert saved
    assert form.merged == ["专业方向"]
    assert stored(cast.studio_one) == ("堆焊", "已迁址", 3)


def test_changes_to_the_same_field_are_shown_side_by_side_and_nothing_is_written(cast):
    hers, his = opened(cast.studio_one, trade="堆焊"), opened(cast.studio_one, trade="氩弧焊")
    save(cast.studio_one, hers)

    form, saved = save(cast.studio_one, his)

    assert not saved
    assert [(clash.before, clash.theirs, clash.mine) for clash in form.clashes] == [
        ("焊接", "堆焊", "氩弧焊")
    ]
    assert stored(cast.studio_one) == ("堆焊", "", 2)


@pytest.mark.parametrize(("choice", "kept"), [("keep_mine", "氩弧焊"), ("keep_theirs", "堆焊")])
def test_one_click_per_field_settles_it(cast, choice, kept):
    hers, his = opened(cast.studio_one, trade="堆焊"), opened(cast.studio_one, trade="氩弧焊")
    save(cast.studio_one, hers)
    form, _saved = save(cast.studio_one, his)
    [clash] = form.clashes

    form, saved = save(cast.studio_one, his | {clash.choice: getattr(clash, choice)})

    assert saved
    assert stored(cast.studio_one)[0] == kept


def test_a_choice_made_against_an_older_text_is_asked_again(cast):
    hers, his = opened(cast.studio_one, trade="堆焊"), opened(cast.studio_one, trade="氩弧焊")
    save(cast.studio_one, hers)
    form, _saved = save(cast.studio_one, his)
    [clash] = form.clashes
    save(cast.studio_one, opened(cast.studio_one, trade="钎焊"))

    form, saved = save(cast.studio_one, his | {clash.choice: clash.keep_mine})

    assert not saved
    assert [clash.theirs for clash in form.clashes] == ["钎焊"]


def test_a_relation_that_somebody_else_changed_is_kept(cast):
    hers, his = (
        opened(cast.studio_one, unit=cast.plant_two.pk),
        opened(cast.studio_one, note="已迁址"),
    )
    save(cast.studio_one, hers)

    save(cast.studio_one, his)

    assert Studio.objects.get(pk=cast.studio_one.pk).unit == cast.plant_two


def test_a_save_against_a_stale_version_is_refused(cast):
    first, second = (Studio.objects.get(pk=cast.studio_one.pk) for _ in range(2))
    first.save_if_unchanged(seen=1, fields=["trade"])

    with pytest.raises(ChangedMeanwhile):
        second.save_if_unchanged(seen=1, fields=["trade"])
