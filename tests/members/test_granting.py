"""Who may give and take rights, asked through the pages."""

import pytest
from django.urls import reverse

from members.models import Person, Role, RoleGrant, Unit, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def give(client, user, role, unit, **extra):
    data = {"role": role, "unit": unit.pk, "starts_on": "2026-01-01", "ends_on": ""}
    token = client.get(reverse("grant-new", args=[user.pk]))
    once = token.context["form"]["once"].value() if token.status_code == 200 else ""
    return client.post(reverse("grant-new", args=[user.pk]), {**data, "once": once, **extra})


def test_an_administrator_gives_a_role_and_it_holds_with_the_next_click(client, sign_in, cast):
    studio = f"/people/{cast.wang.person.pk}/"
    newcomer = type(client)()
    newcomer.force_login(cast.xu, backend="django.contrib.auth.backends.ModelBackend")
    assert newcomer.get(studio).status_code == 404

    assert give(sign_in(cast.zhou), cast.xu, Role.UNIT_CONTACT, cast.plant_one).status_code == 302

    assert newcomer.get(studio).status_code == 200


def test_a_role_taken_away_is_gone_with_the_next_click(client, sign_in, cast):
    contact = type(client)()
    contact.force_login(cast.sun, backend="django.contrib.auth.backends.ModelBackend")
    page = f"/people/{cast.wang.person.pk}/"
    assert contact.get(page).status_code == 200

    sign_in(cast.zhou).post(reverse("grant-end", args=[cast.sun.grants.get().pk]))

    assert contact.get(page).status_code == 404


def test_nobody_gives_himself_a_role(sign_in, cast):
    assert give(sign_in(cast.zhou), cast.zhou, Role.COMPANY_LEADER, cast.group).status_code == 403
    assert cast.zhou.grants.count() == 1


def test_nobody_gives_more_than_he_holds(sign_in, cast):
    RoleGrant.objects.filter(user=cast.wu).update(unit=cast.plant_one)

    outside = give(sign_in(cast.wu), cast.xu, Role.UNIT_CONTACT, cast.plant_two)
    above = give(sign_in(cast.wu), cast.xu, Role.GROUP_ADMIN, cast.group)
    other_kind = give(sign_in(cast.zhou), cast.xu, Role.SYSTEM_ADMIN, cast.group)

    assert [outside.status_code, above.status_code, other_kind.status_code] == [
        200,
        200,
        200,
    ]  # refused forms
    assert not cast.xu.grants.exists()


def test_the_system_administrator_makes_no_administrator_of_the_group(sign_in, cast):
    assert give(sign_in(cast.feng), cast.xu, Role.GROUP_ADMIN, cast.group).status_code == 200
    assert not cast.xu.grants.exists()


def test_the_last_administrator_of_the_group_stays(sign_in, cast):
    sign_in(cast.zhou).post(reverse("user-lock", args=[cast.wu.pk]))
    assert not User.objects.get(pk=cast.wu.pk).is_active

    sign_in(cast.root).post(reverse("grant-end", args=[cast.zhou.grants.get().pk]))
    sign_in(cast.root).post(reverse("user-lock", args=[cast.zhou.pk]))

    assert RoleGrant.objects.get(user=cast.zhou).ends_on is None
    assert User.objects.get(pk=cast.zhou.pk).is_active


def test_a_locked_person_is_signed_out_everywhere_and_stays_out(client, sign_in, cast):
    elsewhere = type(client)()
    elsewhere.post(reverse("sign-in"), {"username": "chen", "password": PASSWORD, "next": "/account/"})
    assert elsewhere.get("/account/").status_code == 200

    sign_in(cast.feng).post(reverse("user-lock", args=[cast.chen.pk]))
    assert elsewhere.get("/account/").status_code == 302

    sign_in(cast.feng).post(reverse("user-unlock", args=[cast.chen.pk]))
    assert elsewhere.get("/account/").status_code == 302  # the old session is not awakened


def test_a_login_above_ones_own_cannot_be_redirected_to_another_mailbox(sign_in, cast):
    data = {"username": "root", "email": "me@qingchuan.example", "person": ""}

    assert sign_in(cast.zhou).post(reverse("user-edit", args=[cast.root.pk]), data).status_code == 403
    assert sign_in(cast.zhou).post(reverse("user-edit", args=[cast.feng.pk]), data).status_code == 403
    assert sign_in(cast.feng).post(reverse("user-edit", args=[cast.zhou.pk]), data).status_code == 403


def test_a_new_user_chooses_his_password_by_a_link(sign_in, cast, mailoutbox):
    client = sign_in(cast.zhou)
    once = client.get(reverse("user-new")).context["form"]["once"].value()
    data = {"username": "hu", "email": "hu@qingchuan.example", "person": "", "password": "", "once": once}

    answer = client.post(reverse("user-new"), data)
    client.post(reverse("user-new"), {**data, "username": "hu2", "email": ""})

    assert answer.url == reverse("user-edit", args=[User.objects.get(username="hu").pk])
    assert [letter.to for letter in mailoutbox] == [["hu@qingchuan.example"]]
    assert not User.objects.filter(username="hu2").exists()


def test_a_unit_is_renamed_and_moved_with_all_below_it(sign_in, cast):
    shop = Unit.objects.create(parent=cast.plant_one, name="一车间", kind="workshop")
    data = {"name": "一分厂", "kind": "subsidiary", "parent": cast.plant_two.pk, "position": 5}

    sign_in(cast.zhou).post(reverse("unit-edit", args=[cast.plant_one.pk]), data)

    shop.refresh_from_db()
    assert shop.path == f"/{cast.group.pk}/{cast.plant_two.pk}/{cast.plant_one.pk}/{shop.pk}/"
    assert "一分厂" in sign_in(cast.li).get(reverse("units")).content.decode()


def test_a_unit_cannot_be_moved_below_itself(sign_in, cast):
    shop = Unit.objects.create(parent=cast.plant_one, name="一车间", kind="workshop")
    data = {"name": "一厂", "kind": "subsidiary", "parent": shop.pk, "position": 1}

    assert sign_in(cast.zhou).post(reverse("unit-edit", args=[cast.plant_one.pk]), data).status_code == 200
    assert Unit.objects.get(pk=cast.plant_one.pk).parent == cast.group


def test_the_list_of_users_takes_the_same_number_of_queries_for_one_and_for_many(
    sign_in, cast, django_assert_num_queries
):
    client = sign_in(cast.zhou)
    client.get(reverse("users"))
    for asked in ("?q=zhou", ""):
        with django_assert_num_queries(11):
            client.get(reverse("users") + asked)


class TestTheAdministratorOfOnePlant:
    """A group administrator's role may be given over a plant alone; it ends at its gate."""

    @pytest.fixture
    def wu(self, sign_in, cast):
        RoleGrant.objects.filter(user=cast.wu).update(unit=cast.plant_one)
        return sign_in(cast.wu)

    def test_he_manages_the_logins_of_his_plant_and_no_others(self, wu, cast):
        codes = {
            user.username: wu.get(reverse("user-edit", args=[user.pk])).status_code
            for user in (cast.chen, cast.sun, cast.zhou, cast.li, cast.zhao, cast.he, cast.feng)
        }

        assert codes == {"chen": 200, "sun": 200, "zhou": 404, "li": 404, "zhao": 404, "he": 404, "feng": 404}
        assert "赵国强" not in wu.get(reverse("users")).content.decode()

    def test_he_takes_over_nobody_who_stands_above_him(self, wu, cast):
        Person.objects.filter(pk=cast.zhou.person_id).update(unit=cast.plant_one)
        data = {"username": "zhou", "email": "wu@elsewhere.example", "person": "周明"}

        assert wu.post(reverse("user-edit", args=[cast.zhou.pk]), data).status_code == 403
        assert wu.post(reverse("user-lock", args=[cast.zhou.pk])).status_code == 403
        assert User.objects.get(pk=cast.zhou.pk).email == "zhou@qingchuan.example"

    def test_he_makes_no_login_for_a_person_of_another_plant(self, wu, cast):
        stranger = Person.objects.create(name="外厂人", staff_no="7001", unit=cast.plant_two)
        once = wu.get(reverse("user-new")).context["form"]["once"].value()
        data = {"username": "mole", "email": "", "password": PASSWORD, "once": once}

        assert wu.post(reverse("user-new"), {**data, "person": stranger.staff_no}).status_code == 200
        assert not User.objects.filter(username="mole").exists()

    def test_he_moves_no_units_and_no_working_days(self, wu, cast):
        data = {"name": "二厂", "kind": "subsidiary", "parent": cast.plant_one.pk, "position": 1}

        assert wu.post(reverse("unit-edit", args=[cast.plant_two.pk]), data).status_code in (403, 404)
        assert wu.post(reverse("unit-edit", args=[cast.plant_one.pk]), data).status_code == 403
        assert wu.get(reverse("unit-new")).status_code == 403
        assert wu.get(reverse("workday-new")).status_code == 403
        assert Unit.objects.get(pk=cast.plant_two.pk).parent == cast.group
