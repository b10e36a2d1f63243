from reports.models.figure import UnitFigure
from reports.models.upload import LedgerUpload

__all__ = ["LedgerUpload", "UnitFigure"]
