"""Addresses of the pages about requests, offers, pairings and their coordinators."""

from django.urls import URLPattern, path

from matching.views import (
    checkins,
    coordinate,
    digest,
    health,
    home,
    notices,
    offers,
    pairings,
    questions,
    requests,
    reviews,
    roster,
    rounds,
    silence,
    sponsors,
    step_service,
    suggestions,
)

_members = [
    path("home/", home.home, name="home"),
    path("request/", requests.request_page, name="request"),
    path("request/suggestions/", suggestions.suggestions, name="suggestions"),
    path("request/proposals/<uuid:pk>/", requests.proposal_answer, name="proposal_answer"),
    path("request/withdraw/", requests.request_withdraw, name="request_withdraw"),
    path("offers/", offers.offers, name="offers"),
    path("offers/<uuid:pk>/", offers.offer, name="offer"),
    path("offers/<uuid:pk>/accept/", offers.offer_accept, name="offer_accept"),
    path("offers/<uuid:pk>/decline/", offers.offer_decline, name="offer_decline"),
    path("pairings/<uuid:pk>/", pairings.pairing, name="pairing"),
    path("pairings/<uuid:pk>/continue/", pairings.pairing_continue, name="pairing_continue"),
    path("pairings/<uuid:pk>/end/", pairings.pairing_end, name="pairing_end"),
    path("pairings/<uuid:pk>/plan/", pairings.pairing_plan, name="pairing_plan"),
    path("pairings/<uuid:pk>/report/", pairings.pairing_report, name="pairing_report"),
    path("c/<str:token>/", checkins.check_in, name="check_in"),
    path("w/<str:token>/", silence.change_ask, name="change_ask"),
    path("r/<str:token>/", roster.roster, name="roster"),
    path("questions/", questions.questions, name="questions"),
    path("notices/", notices.notices, name="notices"),
    path("notices/weekly/", digest.digest, name="digest"),
    path("n/<str:token>/", notices.unsubscribe, name="unsubscribe"),
    path("service/", step_service.service, name="service"),
    path("service/add/", step_service.service_add, name="service_add"),
    path("service/<uuid:pk>/remove/", step_service.service_remove, name="service_remove"),
]

_coordinators = [
    path("coordinate/", coordinate.coordinate, name="coordinate"),
    path("coordinate/offers/<uuid:pk>/", reviews.review, name="review"),
    path("coordinate/offers/<uuid:pk>/approve/", reviews.review_approve, name="review_approve"),
    path("coordinate/offers/<uuid:pk>/reject/", reviews.review_reject, name="review_reject"),
    path("coordinate/requests/<uuid:pk>/", coordinate.coordinate_request, name="coordinate_request"),
    path("coordinate/requests/<uuid:pk>/propose/", coordinate.coordinate_propose, name="coordinate_propose"),
    path("coordinate/<slug:slug>/rounds/", rounds.rounds, name="rounds"),
    path("coordinate/<slug:slug>/rounds/plan/", rounds.round_plan, name="round_plan"),
    path("coordinate/rounds/<uuid:pk>/", rounds.round_page, name="round"),
    path("coordinate/rounds/<uuid:pk>/cancel/", rounds.round_cancel, name="round_cancel"),
    path("coordinate/rounds/<uuid:pk>/refresh/", rounds.round_refresh, name="round_refresh"),
    path("coordinate/rounds/<uuid:pk>/publish/", rounds.round_publish, name="round_publish"),
    path("coordinate/talks/<uuid:pk>/", silence.talk, name="talk"),
    path("coordinate/sponsors/", sponsors.coordinate_sponsors, name="coordinate_sponsors"),
    path("coordinate/sponsors/<uuid:pk>/approve/", sponsors.sponsor_approve, name="sponsor_approve"),
]

urlpatterns: list[URLPattern] = [
    *_members,
    *_coordinators,
    path("healthz/", health.healthz, name="healthz"),
]
