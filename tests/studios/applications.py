"""An application as somebody of 一厂 would write it."""

from datetime import date
from decimal import Decimal

from studios.models import Application

WHOLE = {
    "name": "林小雨劳模创新工作室",
    "trade": "仪表",
    "address": "一厂二号楼 305",
    "area": Decimal(60),
    "lead_name": "林小雨",
    "lead_staff_no": "9lin",
    "lead_honours": "2025 年集团劳动模范",
    "team": [
        {"name": "王芳", "staff_no": "9wang", "role": "liaison", "duty": "资料"},
        {"name": "许愿", "role": "core"},
        {"name": "高新", "staff_no": "77001", "role": "member"},
    ],
    "topics": [{"title": "流量计在线校准", "target": "0.5", "unit_of_measure": "%"}],
    "annual_funds": Decimal(5),
    "deeds": "二十年仪表维护，三项专利。",
    "founded_on": date(2026, 3, 1),
}


def application_of(cast, by, state="draft", **changes):
    """An application for a studio in 一厂 that stands as said."""
    fields = {**WHOLE, "unit": cast.plant_one, **changes}
    return Application.objects.create(applicant=by, state=state, **fields)
