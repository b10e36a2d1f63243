from achievements.models.achievement import Achievement, AchievementFile
from achievements.models.adoption import Adoption, Offer

__all__ = ["Achievement", "AchievementFile", "Adoption", "Offer"]
