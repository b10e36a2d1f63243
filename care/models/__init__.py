from care.models.consent import Consent
from care.models.record import CareReading, CareRecord
from care.models.worker import CareWorker

__all__ = ["CareReading", "CareRecord", "CareWorker", "Consent"]
