"""What no page has to think of: ids that are none, and characters that nobody types."""

import pytest
from django.urls import reverse

from core.requests import number_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("", None),
        (None, None),
        ("-1", None),
        ("²", None),
        ("７", None),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
    ],
)
def test_an_id_is_read_or_is_none(text, number):
    assert number_of(text) == number


@pytest.mark.parametrize("unit", ["9" * 21, "9" * 5000, "²"])
def test_a_unit_that_cannot_be_is_not_found(sign_in, cast, unit):
    pages = [
        reverse("home"),
        reverse("leader"),
        reverse("overview", args=["2026"]),
        reverse("heatmap", args=[2026]),
    ]
    client = sign_in(cast.zhou)

    assert [client.get(page, {"unit": unit}).status_code for page in pages] == [404] * 4


def test_a_nul_is_refused_wherever_it_stands(sign_in, cast):
    client = sign_in(cast.zhou)

    assert client.get(reverse("inbox"), {"kind": "a\0"}).status_code == 400
    assert client.get(reverse("studios"), {"\0": "a"}).status_code == 400
    assert client.post(reverse("theme"), {"theme": "\0"}).status_code == 400


def test_a_way_back_that_is_no_address_breaks_nothing(client):
    assert client.post(reverse("theme"), {"theme": "dark", "next": "no-such-page"}).status_code == 302
