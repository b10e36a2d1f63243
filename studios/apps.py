from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StudiosConfig(AppConfig):
    name = "studios"
    verbose_name = _("Studios")

    def ready(self):
        from core import navigation
        from members import sections
        from studios import bin, carried, kinds, rules  # noqa: F401 - what people are told, and who may do what
        from studios.models import Activity, Application, LeaveRequest, Rule

        bin.register(Activity)
        bin.register(Rule)

        sections.register(10, "studios/carried.html", carried.memberships)
        navigation.register(20, _("Studios"), "studios", "building-factory", shortcut="g s")
        navigation.register(
            65,
            _("Templates of house rules"),
            "rule-templates",
            "gavel",
            permission=lambda user: user.has_perm("studios.change_templates"),
            in_bar=False,
        )
        navigation.register(
            17,
            _("Activities"),
            "my-activities",
            "calendar-event",
            permission=lambda user: user.sees_studios,
            count=lambda user: LeaveRequest.objects.waiting_for(user).count(),
            in_bar=False,
        )
        navigation.register(
            60,
            _("Applications"),
            "applications",
            "clipboard-list",
            permission=lambda user: user.has_perm("studios.apply"),
            count=lambda user: Application.objects.waiting_for(user).count(),
        )
