from reports.models.feed import CalendarFeed
from reports.models.figure import UnitFigure
from reports.models.report import Report
from reports.models.upload import LedgerUpload

__all__ = ["CalendarFeed", "LedgerUpload", "Report", "UnitFigure"]
