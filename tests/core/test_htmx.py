"""One answer to an act: the fragment to htmx, a redirect to everybody else."""

import pytest
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from config.urls import urlpatterns as pages
from core.errors import NotAllowedNow
from core.htmx import respond

HTMX = {"HX-Request": "true"}


@login_not_required
def save(request):
    messages.success(request, "Saved <b>it</b>")
    return respond(request, "components/badge.html", {"text": "done", "icon": "check"}, otherwise="/shown/")


@login_not_required
def refuse(request):
    raise NotAllowedNow("Somebody was faster.")


@login_not_required
def break_down(request):
    raise ValueError("a fault of ours")


@login_not_required
def shown(request):
    return HttpResponse("; ".join(str(message) for message in messages.get_messages(request)))


@login_not_required
def bare(request):
    return render(request, "base.html")


urlpatterns = [
    path("save/", save),
    path("refuse/", refuse),
    path("break/", break_down),
    path("shown/", shown),
    path("bare/", bare),
    *pages,
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def test_without_htmx_a_saved_form_leads_on_and_the_message_waits_there(client):
    response = client.post("/save/")

    assert (response.status_code, response["Location"]) == (302, "/shown/")
    assert client.get("/shown/").content.decode() == "Saved <b>it</b>"


def test_with_htmx_the_fragment_comes_back_and_brings_the_message(client):
    body = client.post("/save/", headers=HTMX).content.decode()

    assert "<span>done</span>" in body
    assert 'hx-swap-oob="beforeend:#toasts"' in body
    assert "<p>Saved &lt;b&gt;it&lt;/b&gt;</p>" in body
    assert client.get("/shown/").content.decode() == ""


def test_what_the_state_forbids_becomes_a_message_on_the_page_one_came_from(client):
    response = client.post("/refuse/", headers={"Referer": "http://testserver/shown/?x=1"})

    assert (response.status_code, response["Location"]) == (303, "/shown/?x=1")
    assert client.get("/shown/").content.decode() == "Somebody was faster."


@pytest.mark.parametrize("referer", ["https://elsewhere.example/trap", ""])
def test_nobody_is_sent_to_a_foreign_site(client, referer):
    assert client.post("/refuse/", headers={"Referer": referer})["Location"] == "/"


def test_two_slashes_of_ours_do_not_name_a_foreign_site(client):
    response = client.post("/refuse/", headers={"Referer": "http://testserver//elsewhere.example/trap?x=1"})

    assert response["Location"] == "/elsewhere.example/trap?x=1"


def test_a_page_that_refuses_to_open_does_not_lead_back_to_itself(client):
    assert client.get("/refuse/", headers={"Referer": "http://testserver/refuse/"})["Location"] == "/"


def test_with_htmx_a_refusal_loads_the_page_afresh(client):
    response = client.post("/refuse/", headers=HTMX)

    assert response["HX-Refresh"] == "true"
    assert client.get("/shown/").content.decode() == "Somebody was faster."


def test_other_faults_are_not_swallowed(client):
    with pytest.raises(ValueError, match="a fault of ours"):
        client.post("/break/")


def test_the_frame_of_every_page_carries_the_token_for_htmx_and_a_way_past_the_menu(client):
    body = client.get("/bare/").content.decode()

    assert 'hx-headers=\'{"x-csrftoken": "' in body
    assert '<a class="x-skip" href="#main">' in body
    assert '<html lang="zh-Hans" data-theme="auto"' in body
