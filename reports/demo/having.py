"""What the studios of the demo have: money in a ledger, equipment that was counted, a request for support."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from reports.demo.studio_year import Team
from studios.models import (
    Equipment,
    FundBudget,
    FundEntry,
    Spending,
    StockTake,
    StockTakeRow,
    Studio,
    SupportRequest,
    Venue,
)

#: The first studios of the register have all this; so many are enough to look at.
FURNISHED = 60

#: Fund line, its share of the year in percent, and what is bought.
LINES = [
    ("试验材料", 40, ["试验用焊材一批", "分析试剂一批", "耐磨衬板试样"]),
    ("小型工器具", 25, ["扭矩扳手2把", "红外测温仪1台", "手持打磨机"]),
    ("培训费", 20, ["岗位技能培训讲课费", "外请专家授课费"]),
    ("图书资料", 10, ["专业书籍12册", "行业标准汇编"]),
    ("宣传展板", 5, ["成果展板5块"]),
]
PIECES = [
    ("数显游标卡尺", "0—300 mm", 680),
    ("台式计算机", "i5 / 16 GB", 5200),
    ("投影仪", "3600流明", 4300),
    ("超声波测厚仪", "TT-130", 3900),
    ("台式钻床", "Z516", 2600),
    ("便携式测振仪", "VM-63", 1850),
    ("书架", "五层", 720),
]
SUPPORT = [
    ("funds", "追加试验材料费8000元", "样机试制超出年初预算。"),
    ("equipment", "借用便携式光谱仪一周", "现场成分比对。"),
    ("people", "抽调一名电气工程师，每周两天", "控制柜改造需要电气配合。"),
]


def furnish(rows, studio: Studio, team: Team, *, admin, on: date) -> None:
    """Give a studio its place, equipment, money and a request. The same studio always gets the same."""
    if studio.position > FURNISHED:
        return
    chance = Random(studio.position)
    rows.add(
        Venue(
            studio=studio,
            signboard=True,
            rules_on_wall=studio.position % 4 != 0,
            honour_wall=studio.position % 3 == 0,
            rooms="工作间、培训室",
            facilities="电脑、投影仪、书架",
        )
    )
    _equipment(rows, studio, team, chance, on)
    if studio.annual_funds:
        _funds(rows, studio, team, chance, admin, on)
    if studio.position % 3 == 1:
        kind, what, why = SUPPORT[studio.position // 3 % len(SUPPORT)]
        answered = bool(studio.position % 2 == 0)
        asked_on = on - timedelta(days=20 if answered else 9)
        rows.add(
            SupportRequest(
                studio=studio,
                kind=kind,
                what=what,
                why=why,
                asked_by_id=team.writer_id,
                asked_on=asked_on,
                answer="partly" if answered else "",
                text="先解决一半，其余列入下年度。" if answered else "",
                given_by=on + timedelta(days=10) if answered else None,
                answered_by=admin if answered else None,
                answered_on=asked_on + timedelta(days=4) if answered else None,
            )
        )


def _equipment(rows, studio, team, chance, on):
    chosen = chance.sample(PIECES, 5)
    pieces = [
        rows.add(
            Equipment(
                studio=studio,
                number=f"GZS{studio.position:02d}-{place:02d}",
                name=name,
                model=model,
                bought_on=date(on.year - chance.randint(1, 4), chance.randint(1, 12), chance.randint(1, 28)),
                value=Decimal(value),
                custodian=chance.choice(team.people),
                state=Equipment.State.IN_USE,
                place="工作间" if place % 2 else "培训室",
            )
        )
        for place, (name, model, value) in enumerate(chosen, start=1)
    ]
    pieces[-1].state = Equipment.State.REPAIR
    begun_on = date(on.year - 1, 11, 16)
    take = rows.add(
        StockTake(
            studio=studio,
            year=begun_on.year,
            begun_on=begun_on,
            state=StockTake.State.SEEN,
            closed_at=_morning(begun_on),
            closed_by_id=team.writer_id,
            seen_at=_morning(begun_on + timedelta(days=3)),
        )
    )
    for piece in pieces:
        damaged = piece is pieces[-1]
        result = StockTakeRow.Result.DAMAGED if damaged else StockTakeRow.Result.FOUND
        remark = "已报修" if damaged else ""
        rows.add(StockTakeRow(take=take, equipment=piece, result=result, remark=remark))


def _funds(rows, studio, team, chance, admin, on):
    year = studio.annual_funds * 10000
    for place, (line, share, bought) in enumerate(LINES):
        amount = (year * share / 100).quantize(Decimal("0.01"))
        rows.add(FundBudget(studio=studio, year=on.year, line=line, amount=amount))
        days = (on - date(on.year, 1, 1)).days
        if days < 60:
            continue
        spent = (amount * chance.randint(30, 105) / 100).quantize(Decimal("0.01"))
        waits = place == 1 and studio.position % 2 == 1
        day = on - timedelta(days=chance.randint(2, 50))
        asked = rows.add(
            Spending(
                studio=studio,
                line=line,
                on=day,
                purpose=chance.choice(bought),
                amount=spent,
                handler=chance.choice(team.people),
                voucher_no="" if waits else f"记-{day.month:02d}-{chance.randint(10, 99)}",
                over_reason="材料价格上涨" if spent > amount else "",
                state="waiting" if waits else "approved",
                asked_by_id=team.writer_id,
                asked_at=_morning(day),
                decided_by=None if waits else admin,
                decided_at=None if waits else _morning(day + timedelta(days=1)),
            )
        )
        if not waits:
            copied = ("line", "on", "purpose", "amount", "handler", "voucher_no")
            rows.add(
                FundEntry(
                    **{name: getattr(asked, name) for name in copied},
                    studio=studio,
                    year=on.year,
                    kind=FundEntry.Kind.SPENDING,
                    spending=asked,
                    by=admin,
                    at=asked.decided_at,
                )
            )


def _morning(day):
    return timezone.make_aware(datetime.combine(day, time(9)))
