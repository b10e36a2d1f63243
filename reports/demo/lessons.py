"""What demo studios learnt where they failed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from projects.models import Lesson, PlanItem, Topic

#: (topic, baseline, target, measure, what was done, what was learnt, advice)
TOPICS = [
    (
        "离心浓密机替代方案",
        "38",
        "45",
        "%",
        "用离心浓密机替代原设备运行六周，逐班记录底流浓度和磨损量",
        "浓度能达到，但转鼓磨损快，三周需停机更换",
        "保留参数记录，耐磨材料有突破后再试",
    ),
    (
        "新型捕收剂工业试验",
        "86.0",
        "88.5",
        "%",
        "三类药剂做了24组单因素和9组正交试验",
        "回收率未达标，可排除其中两类药剂",
        "第三类药剂夏季水温高时再试，暂不采购",
    ),
    (
        "图像识别在线检测",
        "80",
        "95",
        "%",
        "采集两个月图像，白班夜班各标注3000张",
        "夜班光照不足时识别失效，误报超过三成",
        "先改照明，夜班暂用人工复核",
    ),
    (
        "国产密封件替代",
        "6",
        "12",
        "月",
        "两台泵同时装用，每周测泄漏量",
        "寿命只有原件的六成，高温介质下老化快",
        "只在80℃以下工况选用，已写成选型条件",
    ),
    (
        "循环水余热回收",
        "0",
        "15",
        "%",
        "完成热量测算和一台样机试装",
        "热量分散，投资回收期超过九年",
        "不建议推广，可在新建厂房时同步考虑",
    ),
    (
        "机器人自动巡检",
        "12",
        "2",
        "人次",
        "巡检机器人试跑40天，记录每次中断原因",
        "粉尘遮挡镜头，每班需人工擦拭",
        "改为半自动：机器人走线，人工复核关键点",
    ),
    (
        "三相分离器改造",
        "120",
        "150",
        "吨/日",
        "改内件后连续运行两周，每日取样三次",
        "分离效果略好，处理量下降一成",
        "恢复原结构，改造图纸存档备查",
    ),
    (
        "联合化验方法",
        "4",
        "2",
        "小时",
        "两个化验室同样品比对60组",
        "快是快了，但重复性不足，偏差超过允许值",
        "继续研究前处理，暂不用于结算",
    ),
]
#: What was learnt where an item of a month failed, by the reason that stands in the plan.
ITEMS = {
    "新方案未达预期，已复盘：参数记录完整，排除一条路线": (
        "按方案做了三轮试验，每轮都有记录表和照片",
        "参数记录完整，可以排除这条路线",
        "换一条路线从小样做起，不要直接上设备",
    ),
    "替代材料寿命不足，已复盘并总结选型条件": (
        "替代材料装机试用，每周检查一次磨损",
        "寿命不到原来的六成，温度高时更短",
        "低温工况可以用，其他场合维持原材料",
    ),
}
WAITING = (
    "换了两种配比，各做了四组试验，数据都在记录表里",
    "两种配比都达不到要求，问题出在原料批次",
    "先固定原料批次，再谈配比",
)


def of_topic(topic: Topic, texts, *, by: int, union: int) -> Lesson:
    """The lesson of a topic that was tolerated at its planned end."""
    return _lesson(topic.due_on, texts, by=by, union=union, studio=topic.studio, topic=topic)


def of_item(item: PlanItem, studio, *, by: int, union: int) -> Lesson:
    """The lesson of an item that was tolerated when it was due."""
    return _lesson(item.due_on, ITEMS[item.reason], by=by, union=union, studio=studio, item=item)


def waiting(item: PlanItem, studio, *, by: int, on: date) -> Lesson:
    """What a studio asks the union on the day before."""
    return _lesson(on - timedelta(days=1), WAITING, by=by, union=None, studio=studio, item=item)


def _lesson(day: date, texts, *, by: int, union: int | None, **about) -> Lesson:
    at = timezone.make_aware(datetime.combine(day, time(10)))
    tried, learnt, advice = texts
    return Lesson(
        tried=tried,
        learnt=learnt,
        advice=advice,
        state=Lesson.State.CONFIRMED if union else Lesson.State.PROPOSED,
        proposed_by_id=by,
        proposed_at=at,
        decided_by_id=union,
        decided_at=at + timedelta(hours=6) if union else None,
        version=2 if union else 1,
        **about,
    )
