"""What demo studios offer each other, and what became of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from achievements.models import Achievement, Adoption, Offer
from members.models import User
from reports.demo.closings import leads_of_studios
from studios.models import Studio

State = Adoption.State

#: How often each answer is given.
ANSWERS = [State.IN_USE] * 4 + [State.VERIFIED] * 3 + [State.TRYING] * 3 + [State.DECLINED] * 2
ANSWERS += [State.ENDED, State.OFFERED]
TEXT = "我们用了三个月，效果稳定，图纸和参数都可以提供，欢迎来现场看。"
REASONS = {
    State.DECLINED: ["设备型号不同，暂不适用", "本单位已有类似做法", "改造费用超出今年预算"],
    State.ENDED: ["设备已更新，不再需要"],
}
PLACES = ["1号生产线", "二车间检修班", "备件库", "中控室", "大修现场"]
#: Of so many achievements one is offered; so many studios are asked at most.
EVERY, MOST_ASKED = 3, 4
#: So many offers wait for the studio one signs in to.
WAITING = 2


def make(group, chance) -> None:
    """Adds to what is stored; everything was said yesterday at the latest."""
    studios = list(Studio.objects.active().order_by("position"))
    leads = leads_of_studios()
    found = [
        one for one in Achievement.objects.order_by("pk").select_related("studio") if one.studio_id in leads
    ]
    if len(studios) < 2 or not found:
        return
    asked: dict[Achievement, list] = defaultdict(list)
    for achievement in found[::EVERY]:
        others = [studio for studio in studios if studio.pk != achievement.studio_id]
        asked[achievement] += chance.sample(others, min(len(others), chance.randint(1, MOST_ASKED)))
    first = studios[0]
    new = [one for one in found if one.studio_id != first.pk and first not in asked.get(one, ())][-WAITING:]
    for achievement in new:
        asked[achievement].append(first)
    rows = []
    for achievement, chosen in asked.items():
        offer = _offer(group, achievement, leads[achievement.studio_id], chance)
        for studio in chosen:
            state = State.OFFERED if studio == first and achievement in new else chance.choice(ANSWERS)
            rows.append(_adoption(group, offer, studio, state, leads, chance))
    Offer.objects.bulk_create({id(row.offer): row.offer for row in rows}.values())
    for row in rows:
        row.offer_id = row.offer.pk
    bulk_create_with_history(rows, Adoption, default_date=group.noon)


def _offer(group, achievement, by: User, chance) -> Offer:
    """Offered some days after it was finished."""
    day = min(achievement.achieved_on + timedelta(days=chance.randint(3, 40)), group.on - timedelta(days=1))
    at = timezone.make_aware(datetime.combine(day, time(10)))
    return Offer(achievement=achievement, text=TEXT, by=by, at=at)


def _adoption(group, offer: Offer, studio, state: str, leads, chance) -> Adoption:
    row = Adoption(achievement=offer.achievement, studio=studio, offer=offer, state=state)
    if state == State.OFFERED or studio.pk not in leads:
        row.state = State.OFFERED
        return row
    last = timezone.make_aware(datetime.combine(group.on - timedelta(days=1), time(11)))
    row.answered_by = leads[studio.pk]
    row.answered_at = min(offer.at + timedelta(days=chance.randint(1, 20)), last)
    row.reason = chance.choice(REASONS.get(state, [""]))
    if state in (*Adoption.IN_USE, State.ENDED):
        row.since_on = row.answered_at.date()
        row.place = chance.choice(PLACES)
        row.people_count = chance.randint(3, 40)
        row.saved = Decimal(chance.randrange(100, 3000, 10)) / 100
    if state == State.VERIFIED:
        row.verified_by, row.verified_at = group.staff, last
    return row
