"""Place and equipment of a studio, and the yearly stock-take."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from openpyxl import load_workbook

from core.errors import NotAllowedNow
from core.workdays import Workdays
from notifications.models import Notice
from projects import reminders
from studios import bin, stock_taking
from studios.models import Equipment, StockTake, Venue

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


def piece(cast, number="SB-1", name="直流电焊机", **fields):
    return Equipment.objects.create(studio=cast.studio_one, number=number, name=name, **fields)


def rows_of(take):
    return {row.equipment.number: row for row in take.rows.select_related("equipment")}


def counted(take, **results):
    """What the form sends: every row as it stands, some of them changed."""
    sent = {}
    for number, row in rows_of(take).items():
        sent[f"result_{row.pk}"], sent[f"remark_{row.pk}"] = results.get(
            number.replace("-", "_"), (row.result, row.remark)
        )
    return {**sent, "seen": take.version}


def test_a_piece_is_entered_by_the_lead_with_a_number_of_its_own(cast, sign_in):
    page = sign_in(cast.chen)
    to = f"/studios/{cast.studio_one.pk}/equipment/new/"

    def send():
        once = page.get(to).context["form"]["once"].value()
        return page.post(
            to, {"once": once, "number": "SB-1", "name": "直流电焊机", "state": "in_use", "value": "3200"}
        )

    send()
    assert send().context["form"].errors["number"] == ["工作室已有这个编号的器材。"]
    assert Equipment.objects.get().value == Decimal(3200)
    with pytest.raises(IntegrityError), transaction.atomic():
        piece(cast)


def test_a_piece_edited_by_two_is_merged_and_its_changes_are_kept(cast, sign_in):
    one = piece(cast)
    page = sign_in(cast.chen)
    to = f"/equipment/{one.pk}/edit/"
    typed = {"version": 1, "number": "SB-1", "name": "直流电焊机", "state": "in_use"}

    page.post(to, {**typed, "place": "一厂三楼"})
    page.post(to, {**typed, "state": "lent"})

    one.refresh_from_db()
    assert (one.place, one.state, one.version) == ("一厂三楼", "lent", 3)
    assert "借出" in page.get(to).content.decode()


def test_what_was_counted_once_stays_and_anything_else_goes_into_the_bin(cast):
    counted_piece, fresh = piece(cast), piece(cast, "SB-2")
    fresh.delete()
    stock_taking.begin(cast.studio_one, on=TODAY)
    fresh = piece(cast, "SB-3")

    with pytest.raises(bin.InUse):
        bin.put(counted_piece, by=cast.chen, at=NOW)
    bin.take_out(bin.put(fresh, by=cast.chen, at=NOW), by=cast.chen)
    assert Equipment.objects.filter(number="SB-3").exists()


def test_a_stock_take_begins_once_a_year_with_all_that_is_not_scrapped_as_found(cast):
    piece(cast), piece(cast, "SB-2", state="missing"), piece(cast, "SB-3", state="scrapped")

    take = stock_taking.begin(cast.studio_one, on=TODAY)

    assert {number: row.result for number, row in rows_of(take).items()} == {"SB-1": "found", "SB-2": "found"}
    with pytest.raises(NotAllowedNow, match="已经开始"):
        stock_taking.begin(cast.studio_one, on=TODAY)
    with pytest.raises(NotAllowedNow, match="没有需要盘点的器材"):
        stock_taking.begin(cast.studio_two, on=TODAY)


def test_closing_changes_the_states_lists_the_differences_and_tells_the_union(cast, sign_in):
    for number, state in [("SB-1", "in_use"), ("SB-2", "in_use"), ("SB-3", "missing"), ("SB-4", "lent")]:
        piece(cast, number, state=state)
    take = stock_taking.begin(cast.studio_one, on=TODAY)

    sent = counted(take, SB_1=("missing", "借用后未还"), SB_2=("damaged", "电缆破损"))
    page = sign_in(cast.chen)
    page.post(f"/stock-takes/{take.pk}/count/", {**sent, "act": "close"})

    states = dict(Equipment.objects.values_list("number", "state"))
    assert states == {"SB-1": "missing", "SB-2": "repair", "SB-3": "in_use", "SB-4": "lent"}
    text = page.get(f"/stock-takes/{take.pk}/").content.decode()
    assert "借用后未还" in text
    assert "电缆破损" in text
    notice = Notice.objects.get(kind="stock_take_closed")
    assert (notice.recipient, notice.params["count"]) == (cast.sun, 2)
    assert Equipment.objects.get(number="SB-1").history.count() == 2


def test_a_closed_stock_take_is_not_counted_again_and_is_seen_by_the_union_once(cast, sign_in):
    piece(cast)
    take = stock_taking.begin(cast.studio_one, on=TODAY)
    stock_taking.close(take, by=cast.chen, at=NOW)

    for act in (
        lambda: stock_taking.close(take, by=cast.chen, at=NOW),
        lambda: stock_taking.record(take, {}, seen=1),
    ):
        with pytest.raises(NotAllowedNow):
            act()
    assert sign_in(cast.chen).post(f"/stock-takes/{take.pk}/seen/").status_code == 403
    sign_in(cast.sun).post(f"/stock-takes/{take.pk}/seen/")
    take.refresh_from_db()
    assert (take.state, take.seen_by) == ("seen", cast.sun)
    with pytest.raises(NotAllowedNow):
        stock_taking.see(take, by=cast.li, at=NOW)


def test_of_two_who_count_the_second_is_told_and_loses_nothing_he_typed(cast, sign_in):
    piece(cast), piece(cast, "SB-2")
    take = stock_taking.begin(cast.studio_one, on=TODAY)
    first, second = counted(take, SB_1=("damaged", "")), counted(take, SB_2=("missing", "在外检定"))

    sign_in(cast.lin).post(f"/stock-takes/{take.pk}/count/", first)
    answer = sign_in(cast.chen).post(f"/stock-takes/{take.pk}/count/", second)

    assert answer.status_code == 422
    assert "在外检定" in answer.content.decode()
    assert {row.result for row in take.rows.all()} == {"damaged", "found"}


def test_whoever_has_not_counted_by_the_end_of_november_is_reminded_twice(cast):
    piece(cast)
    days = [date(2026, 11, day) for day in range(1, 31)]

    def reminded():
        return [
            (day, [user.username for user in one.recipients])
            for day in days
            for one in reminders.due_on(day, Workdays())
            if one.kind == "stock_take_due"
        ]

    assert reminded() == [(date(2026, 11, 16), ["chen", "lin"]), (date(2026, 11, 30), ["chen", "lin"])]
    stock_taking.close(stock_taking.begin(cast.studio_one, on=TODAY), by=cast.chen, at=NOW)
    assert reminded() == []


def test_what_the_standards_ask_of_the_place_is_noted_by_the_lead(cast, sign_in):
    page = sign_in(cast.chen)
    to = f"/studios/{cast.studio_one.pk}/venue/"
    page.get(to)
    assert Venue.objects.count() == 0

    page.post(to, {"version": 1, "signboard": "on", "rooms": "工作间、培训室"})

    venue = Venue.objects.get()
    assert (venue.signboard, venue.rules_on_wall, venue.rooms) == (True, False, "工作间、培训室")
    assert "已挂牌" in page.get(f"/studios/{cast.studio_one.pk}/equipment/").content.decode()


def test_the_equipment_leaves_as_a_workbook(cast, sign_in):
    piece(cast, custodian=cast.wang.person, value=Decimal("3200.50"), bought_on=date(2024, 5, 6))

    answer = sign_in(cast.wang).get(f"/studios/{cast.studio_one.pk}/equipment/export/")

    row = list(load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values)[2]
    assert row[:2] == ("SB-1", "直流电焊机")
    assert row[4:7] == (3200.5, "王芳", "在用")


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_ask_as_often_whatever_they_list(cast, sign_in, django_assert_num_queries, count):
    for number in range(count):
        piece(cast, f"SB-{number}", custodian=cast.wang.person)
    for year in range(count):
        StockTake.objects.create(studio=cast.studio_one, year=2020 + year, begun_on=TODAY)
    take = stock_taking.begin(cast.studio_one, on=TODAY)
    page = sign_in(cast.chen)

    with django_assert_num_queries(18):
        page.get(f"/studios/{cast.studio_one.pk}/equipment/")
    with django_assert_num_queries(13):
        page.get(f"/stock-takes/{take.pk}/")
