from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CareConfig(AppConfig):
    name = "care"
    verbose_name = _("Care")

    def ready(self):
        from care import rules  # noqa: F401 - grants its permissions
        from core import navigation

        navigation.register(
            91, _("Care"), "care", "heart", permission=lambda user: bool(user.person_id), in_menu=True
        )
