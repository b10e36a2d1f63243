"""Coming in and going out, through the pages themselves."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.urls import reverse

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(client, username, password=PASSWORD, to="/account/"):
    return client.post(reverse("sign-in"), {"username": username, "password": password, "next": to})


def told(answer):
    """What a page says, without the tokens that differ every time."""
    return re.sub(r'value="[^"]*"|x-csrftoken[^}]*', "", answer.content.decode())


def test_a_person_signs_in_and_lands_on_the_page_he_wanted(client, cast):
    answer = sign_in(client, "chen", to="/account/")

    assert answer.url == "/account/"
    assert "陈立新" in client.get("/account/").content.decode()


def test_another_site_is_never_the_page_one_lands_on(client, cast):
    assert "elsewhere" not in sign_in(client, "chen", to="https://elsewhere.example/").url


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client, cast):
    wrong_name, wrong_password = sign_in(client, "nobody"), sign_in(client, "chen", "wrong")

    assert told(wrong_name) == told(wrong_password)
    assert "用户名或密码不正确" in told(wrong_name)


def test_after_five_failures_the_sixth_is_not_even_looked_at(client, cast):
    for _attempt in range(5):
        answer = sign_in(client, "chen", "wrong")

    assert answer.status_code == 429
    assert sign_in(client, "chen").status_code == 429  # also with the right password
    assert sign_in(client, "wang").status_code == 302  # a colleague is not locked out


def test_signing_out_needs_a_post_and_ends_the_session(client, cast):
    sign_in(client, "chen")

    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out")).url == reverse("signed-out")
    assert client.get("/account/").url == "/sign-in/?next=/account/"
    assert not Session.objects.exists()


def test_the_link_for_a_new_password_comes_by_mail_and_works_once(client, cast):
    client.post(reverse("password-reset"), {"email": "chen@qingchuan.example"})
    (letter,) = mail.outbox
    link = re.search(r"http://testserver(/password/reset/\S+)", letter.body)[1]
    form = client.get(link).url

    assert client.post(form, {"new_password1": "Huoju-chuan-26", "new_password2": "Huoju-chuan-26"}).url == (
        reverse("password-reset-complete")
    )
    assert sign_in(client, "chen", "Huoju-chuan-26").status_code == 302
    assert client.get(link).status_code == 200  # does not lead to the form any more


def test_whether_an_address_has_an_account_is_not_told(client, cast):
    known = client.post(reverse("password-reset"), {"email": "chen@qingchuan.example"}, follow=True)
    unknown = client.post(reverse("password-reset"), {"email": "nobody@qingchuan.example"}, follow=True)

    assert told(known) == told(unknown)
    assert len(mail.outbox) == 1


def test_a_changed_password_signs_out_the_other_computers(client, cast, django_user_model):
    other = type(client)()
    sign_in(client, "chen"), sign_in(other, "chen")
    new = {"old_password": PASSWORD, "new_password1": "Huoju-chuan-26", "new_password2": "Huoju-chuan-26"}

    assert client.post(reverse("password-change"), new).url == reverse("password-change-done")
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302


def test_the_language_is_kept_with_the_user_and_found_again_elsewhere(client, cast):
    sign_in(client, "chen")
    client.post(reverse("set_language"), {"language": "en", "next": "/account/"})
    elsewhere = type(client)()
    sign_in(elsewhere, "chen")

    cast.chen.refresh_from_db()
    assert cast.chen.language == "en"
    assert "My account" in elsewhere.get("/account/").content.decode()


def test_a_language_that_does_not_exist_is_not_stored(client, cast):
    sign_in(client, "chen")
    client.post(reverse("set_language"), {"language": "tlh", "next": "/account/"})

    cast.chen.refresh_from_db()
    assert cast.chen.language == ""


@pytest.fixture
def demo(cast, settings):
    settings.DEBUG = True
    cast.chen.is_demo = True
    cast.chen.save()
    return cast


def test_on_a_trial_site_one_chooses_a_person_and_is_in(client, demo):
    assert "陈立新" in client.get(reverse("sign-in")).content.decode()

    client.post(reverse("demo-sign-in"), {"person": demo.chen.pk, "next": "/account/"})

    assert "陈立新" in client.get("/account/").content.decode()


def test_the_open_door_leads_to_demo_people_only(client, demo):
    demo.root.is_demo = True
    demo.root.save()
    for pk in (demo.wang.pk, demo.root.pk, "", "x", 0, "²"):
        assert client.post(reverse("demo-sign-in"), {"person": pk}).status_code == 404


def test_without_debug_there_is_no_open_door_even_for_demo_people(client, demo, settings):
    settings.DEBUG = False

    assert client.post(reverse("demo-sign-in"), {"person": demo.chen.pk}).status_code == 404
    assert reverse("demo-sign-in") not in client.get(reverse("sign-in")).content.decode()


def test_a_name_longer_than_any_is_refused_like_every_wrong_one(client, db):
    answer = client.post("/sign-in/", {"username": "x" * 5000, "password": "y" * 5000})

    assert answer.status_code == 200
    assert answer.context["form"].errors


def change_password(client, old):
    new = {"old_password": old, "new_password1": "Huoju-chuan-26", "new_password2": "Huoju-chuan-26"}
    return client.post(reverse("password-change"), new)


def test_guesses_at_the_old_password_are_counted_like_guesses_at_signing_in(client, cast):
    sign_in(client, "chen")
    for _attempt in range(4):
        answer = change_password(client, "wrong")
        assert "旧密码" in answer.content.decode()
    assert change_password(client, "wrong").status_code == 429

    assert change_password(client, PASSWORD).status_code == 429  # also with the right one
    cast.chen.refresh_from_db()
    assert cast.chen.check_password(PASSWORD)


def test_whoever_knew_the_old_password_after_all_starts_counting_anew(client, cast):
    sign_in(client, "chen")
    for _attempt in range(4):
        change_password(client, "wrong")
    assert change_password(client, PASSWORD).url == reverse("password-change-done")

    client.logout()
    assert sign_in(client, "chen", "wrong").status_code == 200
    assert sign_in(client, "chen", "Huoju-chuan-26").status_code == 302


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client, cast):
    page = f"http://testserver{reverse('topics')}?q=a"
    answer = client.post(reverse("inbox-read"), HTTP_REFERER=page)

    assert answer.url == "/sign-in/?next=/topics/%3Fq%3Da"
    assert sign_in(client, "chen", to="/topics/?q=a").url == "/topics/?q=a"


def test_a_form_from_nowhere_leads_to_the_first_page_after_signing_in(client, cast):
    assert client.post(reverse("inbox-read")).url == "/sign-in/?next=/"
    elsewhere = client.post(reverse("inbox-read"), HTTP_REFERER="https://elsewhere.example/")
    assert elsewhere.url == "/sign-in/?next=/"
