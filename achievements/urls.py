"""The addresses of this app."""

from django.urls import path

from achievements.views import achievements, adoptions

urlpatterns = [
    path("achievements/", achievements.achievements, name="achievements"),
    path("achievements/<int:pk>/", achievements.achievement, name="achievement"),
    path("achievements/<int:pk>/edit/", achievements.achievement_edit, name="achievement-edit"),
    path("achievements/<int:pk>/delete/", achievements.achievement_delete, name="achievement-delete"),
    path("achievements/<int:pk>/files/new/", achievements.achievement_file_new, name="achievement-file-new"),
    path("achievements/files/<int:pk>/", achievements.achievement_file, name="achievement-file"),
    path(
        "achievements/files/<int:pk>/remove/",
        achievements.achievement_file_delete,
        name="achievement-file-delete",
    ),
    path("achievements/<int:pk>/offer/", adoptions.achievement_offer, name="achievement-offer"),
    path("achievements/<int:pk>/use/", adoptions.achievement_use, name="achievement-use"),
    path("adoptions/<int:pk>/edit/", adoptions.adoption_edit, name="adoption-edit"),
    path("adoptions/<int:pk>/verify/", adoptions.adoption_verify, name="adoption-verify"),
    path("studios/<int:pk>/achievements/", achievements.studio_achievements, name="studio-achievements"),
    path("studios/<int:pk>/achievements/new/", achievements.achievement_new, name="achievement-new"),
]
