from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self):
        from core import navigation
        from notifications import rules, tasks  # noqa: F401 - grants its permissions, registers the jobs
        from notifications.models import Notice

        navigation.register(75, _("Messages"), "inbox", "bell", shortcut="g i", in_bar=False)
        navigation.register(
            93,
            _("Ledger of messages"),
            "messages-ledger",
            "mail",
            permission=lambda user: user.has_perm("notifications.read_ledger"),
            in_menu=True,
        )
        navigation.register(
            94,
            _("Machine room"),
            "jobs",
            "gauge",
            permission=lambda user: user.has_perm("notifications.see_machine_room"),
            in_menu=True,
        )
        navigation.register_inbox(
            lambda user: Notice.objects.visible_to(user).at_hand(on=user.today).unread().count()
        )
