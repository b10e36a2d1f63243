from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Topics and plans")

    def ready(self):
        from core import navigation
        from members import sections
        from projects import carried, kinds, rules, tasks  # noqa: F401 - each registers what it grants, tells or does
        from studios.rules import STAFF

        sections.register(5, "projects/figures_of.html", carried.figures)
        sections.register(20, "projects/carried.html", carried.items_and_indicators)
        sections.register(22, "projects/done_by.html", carried.done)
        sections.register(25, "projects/points_of.html", carried.points)
        navigation.register(30, _("Topics"), "topics", "bulb", permission=lambda user: user.sees_studios)
        navigation.register(35, _("Problems"), "problems", "help", permission=lambda user: user.sees_studios)
        navigation.register(
            37,
            _("Lessons"),
            "lessons",
            "books",
            permission=lambda user: user.sees_studios,
            in_menu=True,
        )
        navigation.register(
            38,
            _("Deductions and rewards"),
            "consequences",
            "gavel",
            permission=lambda user: user.is_superuser or user.holds(*STAFF),
            in_menu=True,
        )
        navigation.register(
            91,
            _("Days away"),
            "absences",
            "calendar-event",
            permission=lambda user: bool(user.person_id),
            in_menu=True,
        )
        navigation.register(
            15, _("My items"), "my-items", "checklist", permission=lambda user: bool(user.studio_ids)
        )
        navigation.register(
            16,
            _("This month of my studio"),
            "my-month",
            "calendar-month",
            permission=lambda user: bool(user.studio_ids),
            in_bar=False,
        )
        navigation.register(
            66,
            _("Days of grace"),
            "grace-days",
            "calendar-due",
            permission=lambda user: user.has_perm("projects.set_grace_days"),
            in_menu=True,
        )
        navigation.register(
            17,
            _("Month sheet of my studio"),
            "my-sheet",
            "table",
            permission=lambda user: bool(user.studio_ids),
            shortcut="g m",
            in_bar=False,
        )
