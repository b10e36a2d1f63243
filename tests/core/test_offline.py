"""What a device may keep, and what it must forget."""

import pytest
from django.urls import reverse

KEEP = "X-Keep-Offline"


@pytest.mark.parametrize("name", ["offline", "service-worker", "manifest"])
def test_what_is_needed_without_a_network_asks_no_database(client, name):
    assert client.get(reverse(name)).status_code == 200


def test_the_service_worker_may_serve_the_whole_site_and_is_always_asked_for_anew(client):
    answer = client.get("/sw.js")

    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert (answer["Service-Worker-Allowed"], answer["Cache-Control"]) == ("/", "no-cache")
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


def test_the_manifest_speaks_the_language_of_the_reader(client):
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json; charset=utf-8"
    assert answer.json()["name"] == "薪火 · 劳模创新工作室"

    english = client.get("/manifest.webmanifest", headers={"accept-language": "en"}).json()
    assert (english["name"], english["lang"]) == ("Xinhuo · innovation studios", "en")


def test_only_own_items_and_the_month_are_kept_and_by_name(sign_in, cast):
    client = sign_in(cast.chen)

    assert client.get(reverse("my-items"))[KEEP] == f"{cast.chen.pk}:mine"
    for name in ("studios", "items", "account", "inbox"):
        assert KEEP not in client.get(reverse(name))


def test_signing_out_clears_the_device(sign_in, cast):
    answer = sign_in(cast.chen).post(reverse("sign-out"))

    assert answer["Clear-Site-Data"] == '"storage"'
