from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StudiosConfig(AppConfig):
    name = "studios"
    verbose_name = _("Studios")

    def ready(self):
        from core import navigation
        from members import sections
        from studios import bin, carried, kinds, rules  # noqa: F401 - what people are told, and who may do what
        from studios.models import Activity, Application, Equipment, FundBudget, LeaveRequest, Rule

        bin.register(Activity)
        bin.register(Rule)
        bin.register(FundBudget)
        bin.register(Equipment)

        sections.register(10, "studios/carried.html", carried.memberships)
        sections.register(24, "studios/learnt.html", carried.learnt)
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
            19,
            _("Gatherings"),
            "gatherings",
            "users-group",
            permission=lambda user: user.sees_studios,
            in_bar=False,
        )
        for place, label, name, icon in (
            (18, _("All activities"), "activities", "calendar-month"),
            (21, _("People in studios"), "people", "users"),
        ):
            navigation.register(
                place, label, name, icon, permission=lambda user: user.sees_studios, in_bar=False
            )
        navigation.register(
            60,
            _("Applications"),
            "applications",
            "clipboard-list",
            permission=lambda user: user.has_perm("studios.apply"),
            count=lambda user: Application.objects.waiting_for(user).count(),
        )
