from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members")

    def ready(self):
        from core import navigation
        from members import rules  # noqa: F401 - grants its permissions

        navigation.register(92, _("Working calendar"), "workdays", "calendar-event", in_menu=True)
        navigation.register(95, _("My account"), "account", "user-circle", in_bar=False)
        navigation.register(
            80,
            _("Units"),
            "units",
            "sitemap",
            permission=lambda user: user.has_perm("members.see_units"),
            in_menu=True,
        )
        navigation.register(
            90,
            _("Users"),
            "users",
            "user-cog",
            permission=lambda user: user.has_perm("members.manage_users"),
            in_menu=True,
        )
