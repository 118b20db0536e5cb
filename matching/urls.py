"""Addresses of the pages about requests, offers, pairings and their coordinators."""

from django.urls import URLPattern, path

from matching.views import coordinate, health, reviews, sponsors

_coordinators = [
    path("coordinate/", coordinate.coordinate, name="coordinate"),
    path("coordinate/offers/<uuid:pk>/", reviews.review, name="review"),
    path("coordinate/offers/<uuid:pk>/approve/", reviews.review_approve, name="review_approve"),
    path("coordinate/offers/<uuid:pk>/reject/", reviews.review_reject, name="review_reject"),
    path("coordinate/requests/<uuid:pk>/", coordinate.coordinate_request, name="coordinate_request"),
    path("coordinate/requests/<uuid:pk>/propose/", coordinate.coordinate_propose, name="coordinate_propose"),
    path("coordinate/sponsors/", sponsors.coordinate_sponsors, name="coordinate_sponsors"),
    path("coordinate/sponsors/<uuid:pk>/approve/", sponsors.sponsor_approve, name="sponsor_approve"),
]

urlpatterns: list[URLPattern] = [
    *_coordinators,
    path("healthz/", health.healthz, name="healthz"),
]
