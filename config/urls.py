"""All addresses: each app's own, and one that belongs to none."""

from django.urls import include, path

from core.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("reports.urls")),
    path("", include("achievements.urls")),
    path("", include("projects.urls")),
    path("", include("studios.urls")),
    path("", include("care.urls")),
    path("", include("notifications.urls")),
    path("", include("members.urls")),
    path("", include("core.urls")),
]

handler403 = "reports.views.errors.forbidden"
handler404 = "reports.views.errors.not_found"
handler500 = "core.faults.server_error"
