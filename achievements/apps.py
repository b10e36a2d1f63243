from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AchievementsConfig(AppConfig):
    name = "achievements"
    verbose_name = _("Achievements")

    def ready(self):
        from achievements import carried, kinds, rules  # noqa: F401 - what people are told, and who may do what
        from achievements.models import Achievement
        from core import navigation
        from members import sections
        from studios import bin

        bin.register(Achievement)
        sections.register(30, "achievements/of_person.html", carried.achievements)
        navigation.register(
            32,
            _("Achievements"),
            "achievements",
            "trophy",
            permission=lambda user: user.sees_studios,
        )
