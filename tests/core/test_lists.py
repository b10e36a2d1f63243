"""Views of lists and chosen columns: kept by each, shared by the union, the default of a role."""

import io

import pytest
from openpyxl import load_workbook

from core.models import SavedView

EVERY = "name,unit,lead,level,type,trade,state,progress,overdue,reported"


def keep(client, name="进行中", query="type=craftsman&o=-name", cols=EVERY, **more):
    return client.post("/lists/studios/views/", {"name": name, "query": query, "cols": cols, **more})


def labels(response):
    return [label for label, _url, _active, _count in response.context["look"].tabs]


def names(response):
    return [row.studio.name for row in response.context["rows"]]


def test_a_view_keeps_filters_order_and_columns_under_a_name(cast, sign_in):
    client = sign_in(cast.li)

    response = keep(client, query="type=craftsman&q=&page=3&o=-name", cols="name,lead")

    view = SavedView.objects.get()
    assert response.url == f"/studios/?o=-name&type=craftsman&view={view.pk}"
    page = client.get(response.url)
    assert names(page) == ["赵国强工匠创新工作室"]
    assert page.context["look"].columns == ["name", "lead"]
    assert not page.context["look"].is_changed
    assert "铸造" not in page.content.decode()


def test_a_changed_view_says_so_and_can_be_saved_saved_anew_or_reset(cast, sign_in):
    client = sign_in(cast.li)
    address = keep(client).url
    view = SavedView.objects.get()

    page = client.get(f"/studios/?type=model_worker&view={view.pk}")

    assert page.context["look"].is_changed
    text = page.content.decode()
    assert [word for word in ("已更改", "还原", "另存为新视图") if word not in text] == []
    assert address.replace("&", "&amp;") in text
    client.post("/lists/studios/views/", {"view": view.pk, "query": "type=model_worker", "cols": EVERY})
    view.refresh_from_db()
    assert (view.query, view.columns) == ("type=model_worker", [])


def test_the_order_of_filters_in_the_address_changes_nothing(cast, sign_in):
    client = sign_in(cast.li)
    keep(client, query="o=-name&type=craftsman")
    view = SavedView.objects.get()

    assert not client.get(f"/studios/?type=craftsman&q=&o=-name&view={view.pk}").context["look"].is_changed


def test_a_private_view_is_seen_by_nobody_else(cast, sign_in):
    keep(sign_in(cast.li), name="我的")

    assert labels(sign_in(cast.wu).get("/studios/")) == ["全部"]
    assert sign_in(cast.wu).post(f"/lists/views/{SavedView.objects.get().pk}/delete/").status_code == 404


def test_a_shared_view_is_seen_by_all_and_changed_by_its_owner_alone(cast, sign_in):
    keep(sign_in(cast.li), name="工匠", shared="1")
    view = SavedView.objects.get()
    client = sign_in(cast.chen)

    page = client.get(f"{view.get_absolute_url()}")

    assert labels(page) == ["全部", "工匠"]
    assert names(page) == []  # the view narrows; it never widens what one may see
    assert "删除此视图" not in page.content.decode()
    assert client.post(f"/lists/views/{view.pk}/delete/").status_code == 403
    changed = client.post("/lists/studios/views/", {"view": view.pk, "query": ""})
    assert changed.status_code == 404
    assert SavedView.objects.get().query == "o=-name&type=craftsman"


@pytest.mark.parametrize("who", ["chen", "sun", "wang", "zheng"])
def test_only_the_group_union_shares_views(cast, sign_in, who):
    response = keep(sign_in(getattr(cast, who)), shared="1")

    assert response.status_code == 403
    assert not SavedView.objects.exists()


def test_the_default_of_a_role_opens_first_for_who_holds_it_and_the_plain_list_stays_near(cast, sign_in):
    assert keep(sign_in(cast.li), default_for="unit_contact").status_code == 403
    keep(sign_in(cast.zhou), name="本单位", query="type=craftsman", default_for="unit_contact")
    view = SavedView.objects.get()

    response = sign_in(cast.he).get("/studios/")

    assert (response.status_code, response.url) == (302, f"/studios/?type=craftsman&view={view.pk}")
    assert sign_in(cast.he).get("/studios/?view=all").status_code == 200
    assert sign_in(cast.li).get("/studios/").status_code == 200


def test_a_role_has_one_default(cast, sign_in):
    client = sign_in(cast.zhou)
    keep(client, name="甲", default_for="unit_contact")
    keep(client, name="乙", default_for="unit_contact")

    found = SavedView.objects.order_by("pk").values_list("name", "default_for", "shared")
    assert list(found) == [("甲", "", True), ("乙", "unit_contact", True)]


def test_the_owner_deletes_a_view(cast, sign_in):
    client = sign_in(cast.chen)
    keep(client)

    assert client.post(f"/lists/views/{SavedView.objects.get().pk}/delete/").url == "/studios/"
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_not_kept(cast, sign_in):
    assert keep(sign_in(cast.chen), name="  ").status_code == 302
    assert not SavedView.objects.exists()


def test_there_are_no_views_of_a_list_that_does_not_exist(cast, sign_in):
    assert sign_in(cast.chen).post("/lists/secrets/views/", {"name": "x"}).status_code == 404


def test_chosen_columns_stand_in_the_address_and_are_remembered_for_the_person_alone(cast, sign_in):
    client = sign_in(cast.li)

    response = client.post(
        "/lists/studios/columns/", {"col": ["unit", "nonsense"], "query": "type=craftsman"}
    )

    assert response.url == "/studios/?type=craftsman&view=all&cols=name%2Cunit"
    assert client.get(response.url).context["look"].columns == ["name", "unit"]
    assert client.get("/studios/").context["look"].columns == ["name", "unit"]
    assert len(sign_in(cast.wu).get("/studios/").context["look"].columns) == 10


def test_the_export_has_the_columns_that_are_seen(cast, sign_in):
    client = sign_in(cast.li)
    client.post("/lists/studios/columns/", {"col": ["lead"]})

    for query in ("", "?cols=name,lead"):
        sent = b"".join(client.get(f"/studios/export/{query}").streaming_content)
        sheet = load_workbook(io.BytesIO(sent)).active
        assert [cell.value for cell in sheet[2]] == ["序号", "名称", "领衔人"]


@pytest.mark.parametrize("address", ["/items/", "/topics/"])
def test_every_list_has_views_and_columns(cast, sign_in, address):
    client = sign_in(cast.li)
    name = address.strip("/")

    client.post(f"/lists/{name}/views/", {"name": "常看", "query": "q=试验"})

    view = SavedView.objects.get()
    page = client.get(view.get_absolute_url())
    assert labels(page) == ["全部", "常看"]
    assert not page.context["look"].is_changed
