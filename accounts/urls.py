"""Addresses of the pages about people."""

from django.urls import path

from accounts.views import my_data, pages, passwords, profile, prove, service_worker, welcome

# Whoever forgot a password signs in with a code, and there is one page to choose one. allauth's own pages for that,
# whose addresses come after these, would be further doors.
_in_place_of_allauth = [
    path("accounts/password/change/", passwords.to_password, name="account_change_password"),
    path("accounts/password/set/", passwords.to_password, name="account_set_password"),
    path("accounts/password/reset/", passwords.to_code, name="account_reset_password"),
    path("accounts/password/reset/done/", passwords.to_code, name="account_reset_password_done"),
    path("accounts/password/reset/key/done/", passwords.to_code, name="account_reset_password_from_key_done"),
    path(
        "accounts/password/reset/key/<str:uidb36>-<str:key>/", passwords.to_code, name="account_reset_password_from_key"
    ),
]

urlpatterns = [
    *_in_place_of_allauth,
    path("accounts/login/password/", passwords.password_sign_in, name="password_sign_in"),
    path("accounts/password/", passwords.password, name="password"),
    path("accounts/password/remove/", passwords.password_remove, name="password_remove"),
    path("", pages.landing, name="landing"),
    path("help-now/", pages.help_now, name="help_now"),
    path("too-young/", pages.too_young, name="too_young"),
    path("theme/", pages.theme, name="theme"),
    path("prove/", prove.prove, name="prove"),
    path("sw.js", service_worker.service_worker, name="service_worker"),
    path("offline/", service_worker.offline, name="offline"),
    path("app.webmanifest", service_worker.manifest, name="manifest"),
    path("privacy/", pages.privacy, name="privacy"),
    path("privacy/my-data/", my_data.my_data, name="my_data"),
    path("privacy/my-data/withdraw/", my_data.my_data_withdraw, name="my_data_withdraw"),
    path("privacy/my-data/export/", my_data.my_data_export, name="my_data_export"),
    path("privacy/my-data/read/", my_data.my_data_read, name="my_data_read"),
    path("privacy/my-data/erase/", my_data.my_data_erase, name="my_data_erase"),
    path("welcome/", welcome.welcome, name="welcome"),
    path("welcome/summary/", welcome.welcome_summary, name="welcome_summary"),
    path("welcome/done/", welcome.welcome_done, name="welcome_done"),
    path("welcome/<slug:step>/", welcome.welcome_step, name="welcome_step"),
    path("profile/", profile.profile, name="profile"),
    path("profile/contact/", profile.profile_edit, {"step": "contact"}, name="contact"),
    path("profile/sponsor/", profile.sponsor_apply, name="sponsor_apply"),
    path("profile/sponsor/confirm/", profile.sponsor_confirm, name="sponsor_confirm"),
    path("profile/sponsor/pause/", profile.sponsor_pause, name="sponsor_pause"),
    path("profile/<slug:step>/", profile.profile_edit, name="profile_edit"),
    path("meetings/search/", profile.meeting_search, name="meeting_search"),
]
