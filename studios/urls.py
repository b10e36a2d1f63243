"""The addresses of this app."""

from django.urls import path

from studios.views import activities, applications, members, register, rules, studio

urlpatterns = [
    path("studios/", register.studios, name="studios"),
    path("studios/export/", register.studios_export, name="studios-export"),
    path("studios/<int:pk>/", studio.studio, name="studio"),
    path("studios/<int:pk>/edit/", studio.studio_edit, name="studio-edit"),
    path("studios/<int:pk>/level/", studio.studio_level, name="studio-level"),
    path("studios/<int:pk>/state/", studio.studio_state, name="studio-state"),
    path("studios/<int:pk>/history/", studio.studio_history, name="studio-history"),
    path("studios/<int:pk>/members/", members.studio_members, name="studio-members"),
    path("studios/<int:pk>/members/new/", members.membership_new, name="membership-new"),
    path("studios/<int:pk>/lead/", members.studio_lead_change, name="studio-lead-change"),
    path("memberships/<int:pk>/edit/", members.membership_edit, name="membership-edit"),
    path("memberships/<int:pk>/end/", members.membership_end, name="membership-end"),
    path("studios/<int:pk>/rules/", rules.studio_rules, name="studio-rules"),
    path("studios/<int:pk>/rules/new/", rules.rule_new, name="rule-new"),
    path("rules/<int:pk>/revise/", rules.rule_revise, name="rule-revise"),
    path("rules/versions/<int:pk>/file/", rules.rule_file, name="rule-file"),
    path("studios/<int:pk>/activities/", activities.studio_activities, name="studio-activities"),
    path("studios/<int:pk>/activities/new/", activities.activity_new, name="activity-new"),
    path("activities/<int:pk>/", activities.activity, name="activity"),
    path("activities/<int:pk>/edit/", activities.activity_edit, name="activity-edit"),
    path("activities/<int:pk>/call-off/", activities.activity_call_off, name="activity-call-off"),
    path("activities/<int:pk>/take-up/", activities.activity_take_up, name="activity-take-up"),
    path("activities/<int:pk>/hold/", activities.activity_hold, name="activity-hold"),
    path("activities/<int:pk>/files/new/", activities.activity_file_new, name="activity-file-new"),
    path("activities/files/<int:pk>/", activities.activity_file, name="activity-file"),
    path("activities/files/<int:pk>/remove/", activities.activity_file_delete, name="activity-file-delete"),
    path("applications/", applications.applications, name="applications"),
    path("applications/new/", applications.application_new, name="application-new"),
    path("applications/<int:pk>/", applications.application, name="application"),
    path("applications/<int:pk>/edit/", applications.application_edit, name="application-edit"),
    path("applications/<int:pk>/submit/", applications.application_submit, name="application-submit"),
    path("applications/<int:pk>/withdraw/", applications.application_withdraw, name="application-withdraw"),
    path("applications/<int:pk>/check/", applications.application_check, name="application-check"),
    path("applications/<int:pk>/decide/", applications.application_decide, name="application-decide"),
    path("applications/<int:pk>/files/new/", applications.application_file_new, name="application-file-new"),
    path("applications/files/<int:pk>/", applications.application_file, name="application-file"),
    path(
        "applications/files/<int:pk>/remove/",
        applications.application_file_delete,
        name="application-file-delete",
    ),
]
