"""The addresses of this app."""

from django.urls import path

from notifications.views import inbox, ledger, machine_room

urlpatterns = [
    path("messages/", inbox.inbox, name="inbox"),
    path("messages/read/", inbox.read_all, name="inbox-read"),
    path("messages/<int:pk>/", inbox.follow, name="message"),
    path("messages/ledger/", ledger.ledger, name="messages-ledger"),
    path("messages/<int:pk>/read/", inbox.read, name="message-read"),
    path("health/", machine_room.machine_room, name="jobs"),
    path("health/jobs/<int:pk>/retry/", machine_room.job_retry, name="job-retry"),
    path("health/jobs/<int:pk>/dismiss/", machine_room.job_dismiss, name="job-dismiss"),
    path("health/messages/<int:pk>/retry/", machine_room.digest_retry, name="digest-retry"),
]
