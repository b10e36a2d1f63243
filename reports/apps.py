from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Overviews and reports")

    def ready(self):
        from core import navigation
        from reports import kinds, portfolio, rules, tasks  # noqa: F401 - each registers what it offers

        navigation.register(10, _("Home"), "home", "home", shortcut="g h")
        navigation.register(
            18,
            _("My calendar"),
            "my-calendar-now",
            "calendar",
            permission=lambda user: user.sees_studios,
            shortcut="g k",
            in_menu=True,
        )
        navigation.register(
            40,
            _("Overview"),
            "overview-now",
            "chart-bar",
            permission=lambda user: user.has_perm("reports.view_overview"),
            shortcut="g o",
        )
        navigation.register(
            42,
            _("Chasing"),
            "chasing-now",
            "speakerphone",
            permission=lambda user: user.has_perm("reports.chase"),
            shortcut="g c",
        )
        navigation.register(
            44,
            _("Heat map"),
            "heatmap-now",
            "grid-dots",
            permission=lambda user: user.has_perm("reports.view_heatmap"),
            in_bar=False,
        )
        navigation.register(
            46,
            _("Trends"),
            "trends-now",
            "chart-line",
            permission=lambda user: user.has_perm("reports.view_trends"),
            in_bar=False,
        )
        navigation.register(
            48,
            pgettext_lazy("issued", "Reports"),
            "reports",
            "report",
            permission=lambda user: user.has_perm("reports.view_reports"),
            shortcut="g r",
            in_menu=True,
        )
        navigation.register(
            70,
            _("Ledger"),
            "ledger",
            "file-spreadsheet",
            permission=lambda user: user.has_perm("reports.import_ledger"),
            in_menu=True,
        )
