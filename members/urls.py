"""The addresses of this app."""

from django.urls import path

from core.requests import read_or_write
from members.views import entry, people, units, users, workdays

urlpatterns = [
    path("sign-in/", entry.SignIn.as_view(), name="sign-in"),
    path("sign-in/demo/", entry.demo_sign_in, name="demo-sign-in"),
    path("sign-out/", entry.sign_out, name="sign-out"),
    path("signed-out/", entry.signed_out, name="signed-out"),
    path("password/", entry.password_change, name="password-change"),
    path("password/done/", entry.password_change_done, name="password-change-done"),
    path("password/reset/", entry.PasswordReset.as_view(), name="password-reset"),
    path("password/reset/sent/", entry.PasswordResetDone.as_view(), name="password-reset-done"),
    path(
        "password/reset/<uidb64>/<token>/",
        read_or_write(entry.PasswordResetConfirm.as_view()),
        name="password-reset-confirm",
    ),
    path("password/reset/done/", entry.PasswordResetComplete.as_view(), name="password-reset-complete"),
    path("language/", entry.language, name="set_language"),
    path("account/", people.account, name="account"),
    path("account/shortcuts/", people.shortcuts, name="shortcuts"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/edit/", people.person_edit, name="person-edit"),
    path("users/", users.users, name="users"),
    path("users/new/", users.user_new, name="user-new"),
    path("users/<int:pk>/", users.user_edit, name="user-edit"),
    path("users/<int:pk>/lock/", users.user_lock, name="user-lock"),
    path("users/<int:pk>/unlock/", users.user_unlock, name="user-unlock"),
    path("users/<int:pk>/roles/new/", users.grant_new, name="grant-new"),
    path("roles/<int:pk>/end/", users.grant_end, name="grant-end"),
    path("units/", units.units, name="units"),
    path("units/new/", units.unit_new, name="unit-new"),
    path("units/<int:pk>/edit/", units.unit_edit, name="unit-edit"),
    path("workdays/", workdays.workdays, name="workdays"),
    path("workdays/<int:year>/", workdays.workdays, name="workdays"),
    path("workdays/<int:year>/paste/", workdays.workdays_paste, name="workdays-paste"),
    path("workdays/new/", workdays.workday_new, name="workday-new"),
    path("workdays/exceptions/<int:pk>/", workdays.workday_edit, name="workday-edit"),
    path("workdays/exceptions/<int:pk>/remove/", workdays.workday_remove, name="workday-remove"),
]
