"""The addresses of this app."""

from django.urls import path

from notifications.views import inbox, ledger, machine_room, wishes

urlpatterns = [
    path("messages/", inbox.inbox, name="inbox"),
    path("messages/read/", inbox.read_all, name="inbox-read"),
    path("messages/<int:pk>/", inbox.follow, name="message"),
    path("messages/ledger/", ledger.ledger, name="messages-ledger"),
    path("messages/settings/", wishes.settings_page, name="message-settings"),
    path("messages/<int:pk>/done/", inbox.done, name="message-done"),
    path("messages/<int:pk>/later/", inbox.later, name="message-later"),
    path("messages/<int:pk>/back/", inbox.back, name="message-back"),
    path("health/", machine_room.machine_room, name="jobs"),
    path("health/jobs/<int:pk>/retry/", machine_room.job_retry, name="job-retry"),
    path("health/jobs/<int:pk>/dismiss/", machine_room.job_dismiss, name="job-dismiss"),
    path("health/messages/<int:pk>/retry/", machine_room.digest_retry, name="digest-retry"),
]
