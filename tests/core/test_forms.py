"""The form base: errors are listed with links, and one copy of a form is used once."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django import forms
from django.template import Context, Template
from django.utils import translation

from core.forms import HouseForm


class TopicForm(HouseForm):
    title = forms.CharField(label="Title")
    due = forms.DateField(label="Due")
    text = forms.CharField(label="Text", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("a", "A")])


def drawn(form):
    source = '{% form form submit="Save" cancel="/back/" %}<p>more</p>{% endform %}'
    return Template(source).render(Context({"form": form, "csrf_token": "secret"}))


def test_a_form_is_drawn_whole_in_one_tag():
    markup = drawn(TopicForm())

    assert markup.count("<form") == 1
    assert markup.count('name="csrfmiddlewaretoken" value="secret"') == 1
    assert markup.index('name="title"') < markup.index("<p>more</p>") < markup.index('type="submit"')
    assert "x-form-errors" not in markup


def test_errors_are_summed_up_with_links_and_nothing_typed_is_lost():
    form = TopicForm({"title": "", "due": "31 February", "text": "long thoughts"})

    with translation.override("en"):
        markup = drawn(form)

    assert '<a href="#id_title">Title</a>: This field is required.' in markup
    assert '<a href="#id_due">Due</a>: Which day is that? Write for example 2026-10-9, 10-9' in markup
    assert 'value="31 February"' in markup
    assert "long thoughts" in markup


def test_help_is_text_also_where_it_repeats_what_somebody_typed():
    form = TopicForm()
    form.fields["title"].help_text = "in <b hx-get=x>"
    form.fields["late"] = forms.CharField(help_text="5 < 6 & 7")

    markup = drawn(form)

    assert "in &lt;b hx-get=x&gt;" in markup
    assert "5 &lt; 6 &amp; 7" in markup


@pytest.mark.parametrize(
    "typed", ["2026-10-09", "2026/10/9", "10-9", "10.9", "2026年10月9日", "明天", "下周五", "tomorrow"]
)
@time_machine.travel(datetime(2026, 10, 8, 1, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False)
def test_dates_are_read_as_people_here_say_them(typed):
    form = TopicForm({"title": "x", "due": typed})

    assert form.is_valid()
    expected = "2026-10-16" if typed == "下周五" else "2026-10-09"
    assert form.cleaned_data["due"].isoformat() == expected
    assert f'value="{expected}"' in str(TopicForm(initial={"due": form.cleaned_data["due"]})["due"])


@pytest.mark.django_db
def test_a_form_sent_twice_is_claimed_once():
    empty = TopicForm(once=True)
    data = {"title": "x", "due": "2026-10-09", "once": str(empty["once"].value())}

    first, second = TopicForm(data, once=True), TopicForm(data, once=True)

    assert first.is_valid()
    assert second.is_valid()
    assert [first.claim(), second.claim()] == [True, False]


@pytest.mark.parametrize(("required", "said"), [(True, "— 请选择 —"), (False, "— 无 —")])
def test_where_nothing_is_chosen_yet_it_says_so_in_words(required, said):
    class KindForm(HouseForm):
        kind = forms.TypedChoiceField(
            label="Kind", required=required, choices=[("", "---------"), ("a", "A")]
        )

    markup = drawn(KindForm())

    assert said in markup
    assert "---" not in markup
