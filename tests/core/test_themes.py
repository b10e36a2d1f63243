"""Light, dark or as the device says, remembered without an account."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "kept"), [("dark", "dark"), ("light", "light"), ("pink", "auto"), ("", "auto")]
)
def test_the_choice_is_remembered_and_leads_back(client, asked, kept):
    response = client.post("/theme/", {"theme": asked, "next": "/sign-in/?x=1"})

    assert response["Location"] == "/sign-in/?x=1"
    assert response.cookies["theme"].value == kept


def test_the_page_is_drawn_in_the_theme_that_was_chosen(client):
    client.cookies["theme"] = "dark"

    assert 'data-bs-theme="dark"' in client.get("/sign-in/").content.decode()


def test_it_never_leads_to_a_foreign_site(client):
    assert client.post("/theme/", {"theme": "dark", "next": "//elsewhere.example/"})["Location"] == "/"


def test_looking_at_the_address_changes_nothing(client):
    assert client.get("/theme/").status_code == 405
