"""Pages of the demo only; settings.DEMO decides whether they exist."""

from django.urls import path

from recovery_match.demo import views

urlpatterns = [
    path("inbox/", views.inbox, name="demo_inbox"),
    path("components/", views.components, name="demo_components"),
    path("clock/", views.move_clock, name="demo_clock"),
    path("sign-in/<str:token>/", views.sign_in, name="demo_sign_in"),
]
