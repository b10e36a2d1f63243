"""The kinds of achievements that are offered where one is registered.

A kind is stored as the union writes it in its ledger, so that both read the same; whatever else a ledger says
is a kind too.
"""

from django.utils.translation import gettext_lazy as _

#: The word as it is stored, and how it reads in the language of the page.
KINDS = {
    "技术革新": _("technical improvement"),
    "技术攻关成果": _("solution of a technical problem"),
    "五小成果": _("“five smalls” achievement"),
    "QC成果": _("QC achievement"),
    "合理化建议": _("suggestion for improvement"),
    "先进操作法": _("advanced operating method"),
    "发明专利": _("invention patent"),
    "实用新型专利": _("utility model patent"),
    "外观设计专利": _("design patent"),
    "软件著作权": _("software copyright"),
    "论文": _("paper"),
    "标准规程": _("standard or regulation"),
    "工法": _("construction method"),
    "管理创新": _("innovation of management"),
}


def choices(known: str = "") -> list[tuple[str, object]]:
    """What is offered, and what stands in the record already."""
    extra = [(known, known)] if known and known not in KINDS else []
    return [*KINDS.items(), *extra]


def shown(kind: str) -> str:
    """A stored kind in the language of the page."""
    return str(KINDS.get(kind, kind))
