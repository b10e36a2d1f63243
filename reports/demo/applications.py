"""Three applications to be named: one for the unit to check, one for the group to decide, one returned."""

from datetime import date, timedelta

from reports.demo import words
from studios.models import Application, ApplicationStep

State = Application.State


def make(group) -> None:
    """Hand them in from the first, second and third unit, by people who are not yet in any studio."""
    for unit, trade, steps in [
        (group.units[0], "铸造模拟", [State.SUBMITTED]),
        (group.units[1], "锻件无损评价", [State.SUBMITTED, State.UNIT_CHECKED]),
        (group.units[2], "真空热处理", [State.SUBMITTED, State.RETURNED]),
    ]:
        _application(group, unit, trade, steps)


def _application(group, unit, trade: str, steps: list) -> None:
    lead = group.rows.add(group.roster.lead(unit.pk, trade, words.HONOURS["company"]))
    applicant = group.user(lead.staff_no, lead)
    team = [group.rows.add(group.roster.member(unit.pk, trade)) for _place in range(6)]
    returned = steps[-1] == State.RETURNED
    application = group.rows.add(
        Application(
            state=steps[-1],
            applicant=applicant,
            name=f"{lead.name}劳模创新工作室",
            unit=unit,
            trade=trade,
            founded_on=date(group.on.year, 3, 12),
            address=f"{unit.name}培训楼201室",
            area=60,
            phone="8000-9900",
            lead_name=lead.name,
            lead_staff_no=lead.staff_no,
            lead_honours=lead.honours,
            lead_post=lead.post,
            lead_title=lead.title,
            lead_skill_grade=lead.skill_grade,
            team=[
                {
                    "name": one.name,
                    "staff_no": one.staff_no,
                    "role": "core" if place < 2 else "member",
                    "duty": words.DUTIES[place % len(words.DUTIES)],
                }
                for place, one in enumerate(team)
            ],
            topics=[
                {
                    "title": f"{trade}合格率提升",
                    "source": "hard_point",
                    "kind": "technical",
                    "horizon": "short",
                    "baseline": "82",
                    "target": "93",
                    "unit_of_measure": "%",
                    "due_on": date(group.on.year + 1, 12, 20).isoformat(),
                },
                {
                    "title": f"{trade}作业标准化",
                    "source": "suggestion",
                    "kind": "management",
                    "horizon": "short",
                    "baseline": "40",
                    "target": "85",
                    "unit_of_measure": "%",
                    "due_on": date(group.on.year + 1, 9, 30).isoformat(),
                },
            ],
            equipment="工作室一间，配备计算机2台、检测仪器4台、工具柜3组。",
            rules="" if returned else "已制定活动、请假、协调、考核、奖励五项制度。",
            achievements="近三年获集团技术革新成果2项、实用新型专利1件。",
            training="签订师徒协议3对，年培训约120人次。",
            annual_funds=3,
            funds_source="基层工会经费1万元，行政技改经费2万元，用于试验材料与培训。",
            deeds=f"{lead.name}长期从事{trade}工作，带领团队解决现场难题十余项，在班组推广操作要点。",
            returned_fields=["rules"] if returned else [],
            submitted_at=group.noon - timedelta(days=4),
        )
    )
    opinions = {
        State.SUBMITTED: "",
        State.UNIT_CHECKED: "材料齐全，情况属实，同意推荐。",
        State.RETURNED: "请补充制度内容，特别是请假和考核办法。",
    }
    for step in steps:
        by = applicant if step == State.SUBMITTED else group.admin
        group.rows.add(
            ApplicationStep(
                application=application,
                state=step,
                opinion=opinions[step],
                by=by,
                fields=application.returned_fields if step == State.RETURNED else [],
            )
        )
