"""The funds of a studio: budgets, asking, approving, the ledger and what is left."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from openpyxl import load_workbook

from core.errors import NotAllowedNow
from notifications.models import Notice
from studios import fund_lines, spending
from studios.models import FundBudget, FundEntry, Spending

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 2, tzinfo=UTC)
DAY = date(2026, 11, 18)


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def budget(cast):
    return FundBudget.objects.create(studio=cast.studio_one, year=2026, line="试验材料", amount=1000)


def asked(cast, amount="300", *, by=None, line="试验材料", **fields):
    request = Spending(
        studio=cast.studio_one, line=line, on=DAY, purpose="购置焊丝", amount=Decimal(amount), **fields
    )
    spending.ask(request, by=by or cast.chen, at=NOW)
    return request


def income(cast, amount, line="试验材料"):
    entry = FundEntry(studio=cast.studio_one, line=line, on=DAY, purpose="上级补助", amount=Decimal(amount))
    spending.book_income(entry, by=cast.li, at=NOW)
    return entry


def typed(**fields):
    return {"on": "2026-11-18", "line": "试验材料", "purpose": "购置焊丝", "amount": "300", **fields}


def line_of(cast):
    (line,) = fund_lines.of_year(cast.studio_one, 2026)
    return line.allowed, line.spent, line.waiting, line.left


def told(kind):
    return {notice.recipient.username for notice in Notice.objects.filter(kind=kind)}


def test_what_is_approved_stands_in_the_ledger_with_what_is_left(cast, budget):
    request = asked(cast, handler=cast.wang.person, voucher_no="记-12")
    assert line_of(cast) == (1000, 0, 300, 1000)

    entry = spending.approve(request, by=cast.sun, at=LATER)

    assert line_of(cast) == (1000, 300, 0, 700)
    assert (entry.year, entry.amount, entry.handler, entry.voucher_no, entry.by) == (
        2026,
        300,
        cast.wang.person,
        "记-12",
        cast.sun,
    )
    assert told("spending_to_decide") == {"sun"}
    assert told("spending_approved") == {"chen"}


def test_where_the_contact_asks_himself_the_group_decides(cast, budget):
    request = asked(cast, by=cast.sun)

    assert told("spending_to_decide") == {"li"}
    with pytest.raises(NotAllowedNow, match="不能审批自己的支出"):
        spending.approve(request, by=cast.sun, at=LATER)
    spending.approve(request, by=cast.li, at=LATER)
    assert line_of(cast) == (1000, 300, 0, 700)


def test_nobody_approves_what_he_handles_or_what_his_own_studio_asks_for(cast, budget):
    own = asked(cast, handler=cast.sun.person)

    assert not cast.sun.has_perm("studios.decide_spending", own)
    assert not cast.chen.has_perm("studios.decide_spending", asked(cast, by=cast.lin))
    assert list(Spending.objects.waiting_for(cast.sun)) == [Spending.objects.get(asked_by=cast.lin)]
    assert Spending.objects.waiting_for(cast.he).count() == 0
    assert Spending.objects.waiting_for(cast.li).count() == 2


def test_a_spending_is_decided_once(cast, budget):
    request = asked(cast)
    spending.approve(request, by=cast.sun, at=LATER)

    stale = Spending.objects.get()
    for act in (
        lambda: spending.approve(stale, by=cast.li, at=LATER),
        lambda: spending.send_back(stale, opinion="重复", by=cast.li, at=LATER),
        lambda: spending.withdraw(stale),
    ):
        with pytest.raises(NotAllowedNow):
            act()
    assert FundEntry.objects.count() == 1


def test_what_came_back_is_corrected_and_asked_for_again(cast, budget, sign_in):
    request = asked(cast)
    spending.send_back(request, opinion="请附发票", by=cast.sun, at=LATER)
    assert told("spending_returned") == {"chen"}

    page = sign_in(cast.chen)
    page.post(f"/funds/spending/{request.pk}/edit/", typed(amount="280"))

    request.refresh_from_db()
    assert (request.state, request.amount, request.decided_by, request.opinion) == ("waiting", 280, None, "")
    assert sign_in(cast.lin).get(f"/funds/spending/{request.pk}/edit/").status_code == 403


def test_more_than_the_line_has_left_needs_a_reason_and_is_shown(cast, budget, sign_in):
    asked(cast, "800")
    page = sign_in(cast.chen)
    to = f"/studios/{cast.studio_one.pk}/spending/new/"
    once = page.get(to).context["form"]["once"].value()

    refused = page.post(to, typed(once=once))
    assert refused.context["form"].errors["over_reason"] == [
        "该科目还剩 200.00 元，这笔超出 100.00 元，请说明原因。"
    ]
    answer = page.post(to, typed(once=once, over_reason="焊丝涨价"), follow=True)
    assert Spending.objects.filter(over_reason="焊丝涨价").count() == 1
    assert "将超出预算 100.00 元" in answer.content.decode()


def test_a_line_over_its_budget_is_named_on_the_page(cast, budget, sign_in):
    spending.approve(asked(cast, "1200.50", over_reason="涨价"), by=cast.sun, at=LATER)

    text = sign_in(cast.chen).get(f"/studios/{cast.studio_one.pk}/funds/2026/").content.decode()

    assert "-200.50" in text
    assert "超出预算" in text


def test_money_that_comes_in_adds_to_what_the_line_may_spend(cast, budget):
    income(cast, "500.25")
    spending.approve(asked(cast, "1200.10"), by=cast.sun, at=LATER)

    assert line_of(cast) == (Decimal("1500.25"), Decimal("1200.10"), 0, Decimal("300.15"))


def test_a_mistake_is_taken_back_once_by_its_counter_entry(cast, budget):
    entry = spending.approve(asked(cast), by=cast.sun, at=LATER)

    counter = spending.correct(entry, reason="金额录错", on=DAY, by=cast.li, at=LATER)

    assert line_of(cast) == (1000, 0, 0, 1000)
    assert (counter.spent, entry.spent) == (-300, 300)
    with pytest.raises(NotAllowedNow, match="已经冲销"):
        spending.correct(entry, reason="再来一次", on=DAY, by=cast.li, at=LATER)
    with pytest.raises(NotAllowedNow, match="本身就是冲销"):
        spending.correct(counter, reason="再来一次", on=DAY, by=cast.li, at=LATER)


def test_the_database_refuses_to_change_or_delete_an_entry(cast, budget):
    income(cast, "10")

    for act in (lambda: FundEntry.objects.update(amount=1), FundEntry.objects.all().delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


def test_the_database_refuses_what_no_ledger_holds(cast, budget):
    request = asked(cast)
    for act in (
        lambda: asked(cast, "0"),
        lambda: income(cast, "-1"),
        lambda: FundBudget.objects.create(studio=cast.studio_one, year=2026, line="试验材料", amount=1),
        lambda: Spending.objects.filter(pk=request.pk).update(decided_by=cast.chen),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_the_ledger_leaves_as_a_workbook_in_its_order(cast, budget, sign_in):
    income(cast, "500")
    spending.approve(asked(cast, handler=cast.wang.person, voucher_no="记-12"), by=cast.sun, at=LATER)

    answer = sign_in(cast.chen).get(f"/studios/{cast.studio_one.pk}/funds/2026/export/")

    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    heads, *rows = list(sheet.iter_rows(min_row=2, max_row=4, values_only=True))
    assert heads == (
        "日期",
        "科目",
        "事由",
        "预算（元）",
        "收入（元）",
        "支出（元）",
        "余额（元）",
        "经办人",
        "审批人",
        "凭证号",
        "附件",
    )
    assert [row[1:10] for row in rows] == [
        ("试验材料", "上级补助", 1000, 500, None, 1500, None, "李雪", None),
        ("试验材料", "购置焊丝", 1000, None, 300, 1200, "王芳", "孙悦", "记-12"),
    ]


def test_the_receipt_is_kept_and_handed_out_to_those_who_read_the_funds(cast, budget, sign_in):
    page = sign_in(cast.chen)
    to = f"/studios/{cast.studio_one.pk}/spending/new/"
    once = page.get(to).context["form"]["once"].value()
    page.post(to, typed(once=once, file=SimpleUploadedFile("发票.pdf", b"%PDF-1.4 paid")))
    request = Spending.objects.get()
    entry = spending.approve(request, by=cast.sun, at=LATER)

    answer = page.get(f"/funds/entries/{entry.pk}/file/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 paid"
    assert "%E5%8F%91%E7%A5%A8.pdf" in answer["Content-Disposition"]
    assert sign_in(cast.wang).get(f"/funds/entries/{entry.pk}/file/").status_code == 403
    assert sign_in(cast.he).get(f"/funds/entries/{entry.pk}/file/").status_code == 404


def test_members_do_not_read_the_funds_and_have_no_tab_of_them(cast, budget, sign_in):
    to = f"/studios/{cast.studio_one.pk}/funds/2026/"

    assert sign_in(cast.wang).get(to).status_code == 403
    assert to not in sign_in(cast.wang).get(f"/studios/{cast.studio_one.pk}/").content.decode()
    assert to in sign_in(cast.chen).get(f"/studios/{cast.studio_one.pk}/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_often_whatever_it_lists(cast, sign_in, django_assert_num_queries, count):
    for number in range(count):
        line = f"科目{number}"
        FundBudget.objects.create(studio=cast.studio_one, year=2026, line=line, amount=1000)
        entry = spending.approve(asked(cast, line=line), by=cast.sun, at=LATER)
        spending.correct(entry, reason="录错", on=DAY, by=cast.li, at=LATER)
        asked(cast, line=line)

    page = sign_in(cast.zhou)
    page.get(f"/studios/{cast.studio_one.pk}/funds/2026/")
    with django_assert_num_queries(15):
        page.get(f"/studios/{cast.studio_one.pk}/funds/2026/")


def test_what_was_corrected_meanwhile_is_not_approved_unread(cast, budget, sign_in):
    request = asked(cast, "300")
    page = sign_in(cast.li).get(f"/studios/{cast.studio_one.pk}/funds/2026/").content.decode()
    read = f'name="seen" value="{NOW.isoformat()}"'
    assert read in page
    spending.send_back(request, opinion="请附发票", by=cast.sun, at=LATER)
    request.amount = Decimal("90000")
    spending.ask_again(request, by=cast.chen, at=LATER)

    answer = sign_in(cast.li).post(f"/funds/spending/{request.pk}/approve/", {"seen": NOW.isoformat()})

    assert answer.status_code == 303
    assert not FundEntry.objects.exists()
    sign_in(cast.li).post(f"/funds/spending/{request.pk}/approve/", {"seen": LATER.isoformat()})
    assert FundEntry.objects.get().amount == 90000
