"""Every state that the tables' constraints must refuse: a row copied or changed so that it breaks one of them alone.

``bad`` breaks the constraint of that name, ``good`` is the same without the violation. A value "@name" stands for the
id of that row of the world.
"""

from dataclasses import dataclass
from typing import Any

Values = dict[str, Any]
NEW_ID = 987_654
UUID = "00000000-0000-4000-8000-000000000001"
WEEK = "0" * 168


@dataclass(frozen=True)
class Case:
    """``row`` names a row of the world; ``copy`` inserts a copy of it with changes, otherwise it is changed itself."""

    name: str
    row: str
    bad: Values
    good: Values
    copy: bool = False


def change(name: str, row: str, bad: Values, good: Values) -> Case:
    return Case(name, row, bad, good)


def copy(name: str, row: str, bad: Values, good: Values, both: Values | None = None) -> Case:
    return Case(name, row, {**(both or {}), **bad}, {**(both or {}), **good}, copy=True)


def word(name: str, row: str, column: str, good: str) -> Case:
    """A word outside its list."""
    return Case(name, row, {column: "nonsense"}, {column: good})


NUMBER = {"name": "Night line", "number": "555 0100", "by_text": False, "source": "a call", "reviewed": "2026-01-02"}
ANSWERED = "2026-01-02T00:00:00Z"
ACCOUNTS = [
    change("user_email_once", "ana", {"email": "ROSA@EXAMPLE.ORG"}, {"email": "another@example.org"}),
    copy("member_key_current", "key", {}, {"retired_at": ANSWERED}, {"id": UUID}),
    copy("audit_link_place", "audit_link", {}, {"place": NEW_ID}, {"id": NEW_ID, "entry": NEW_ID}),
    change("audit_heads_once", "audit_heads", {"id": 2}, {"id": 1}),
    copy("consent_one_in_force", "consent", {}, {"kind": "conduct"}, {"id": NEW_ID}),
    change("consent_withdrawn_after_given", "consent", {"withdrawn_at": "2001-01-01"}, {"withdrawn_at": "2999-01-01"}),
    word("consent_kind", "consent", "kind", "conduct"),
    change("policy_offer_hours", "policy", {"offer_hours": 0}, {"offer_hours": 168}),
    change("policy_steps_needed", "policy", {"steps_needed": 13}, {"steps_needed": 0}),
    change("policy_confirm_days", "policy", {"confirm_days": 6}, {"confirm_days": 7}),
    change("policy_minimum_days", "policy", {"minimum_days": {"aa": -1}}, {"minimum_days": {"aa": 0}}),
    change("policy_date_words", "policy", {"date_words": {"aa": {"en": ""}}}, {"date_words": {"aa": {"en": "date"}}}),
    change("policy_texts", "policy", {"texts": {"welcome": {"en": ""}}}, {"texts": {"welcome": {"en": "Hello."}}}),
    change(
        "policy_texts_are_short",
        "policy",
        {"texts": {"welcome": {"en": "a" * 401}}},
        {"texts": {"welcome": {"en": "a" * 400}}},
    ),
    change("policy_crisis_lines_are_few", "policy", {"crisis_lines": [NUMBER] * 7}, {"crisis_lines": [NUMBER] * 6}),
    change(
        "policy_crisis_lines_are_whole",
        "policy",
        {"crisis_lines": [{**NUMBER, "source": ""}]},
        {"crisis_lines": [NUMBER]},
    ),
    change("meeting_feed_can_be_taken_back", "meeting_feed", {"published_at": ANSWERED}, {"published_at": None}),
    change("meeting_feed_has_meetings", "meeting_feed", {"entries": []}, {"entries": [{"slug": "one"}]}),
    change(
        "policy_change_changes_something",
        "policy_change",
        {"after": {"offer_hours": 24}},
        {"after": {"offer_hours": 9}},
    ),
    change("policy_change_undoes_another", "policy_change", {"undoes_id": "@policy_change"}, {"undoes_id": None}),
    change(
        "fellowship_extra_milestones",
        "fellowship",
        {"extra_milestone_months": [0]},
        {"extra_milestone_months": [18, 60]},
    ),
    change(
        "fellowship_milestones_need_a_date",
        "fellowship",
        {"extra_milestone_months": [18], "date_words": {}},
        {"extra_milestone_months": [], "date_words": {}},
    ),
    change("fellowship_names", "fellowship", {"names": {"es": ""}}, {"names": {"es": "Alcohólicos Anónimos"}}),
    copy("area_once_per_intergroup", "area", {}, {"code": "south"}, {"id": NEW_ID}),
    change("area_centre_on_earth", "area", {"latitude": 90.5}, {"latitude": -90}),
    copy("coordinator_once_per_intergroup", "term", {}, {"user_id": "@olga"}, {"id": NEW_ID}),
    change("coordinator_scopes", "term", {"scopes": []}, {"scopes": ["bridging"]}),
    change("coordinator_extended_by_another", "term", {"extended_by": "@bea"}, {"extended_by": "@olga"}),
    change("coordinator_reminded", "term", {"reminded": 8}, {"reminded": 7}),
    copy("invitation_one_open", "invitation", {"email": "NEW@example.org"}, {"email": "b@example.org"}, {"id": UUID}),
    change("invitation_scopes", "invitation", {"scopes": ["all"]}, {"scopes": ["area", "safety"]}),
    change("invitation_expires_later", "invitation", {"expires_at": "2001-01-01"}, {"expires_at": "2999-01-01"}),
    change(
        "invitation_accepted_by_somebody",
        "invitation",
        {"accepted_at": ANSWERED, "email": ""},
        {"accepted_at": ANSWERED, "email": "", "accepted_by": "@olga"},
    ),
    change(
        "invitation_accepted_by_another",
        "invitation",
        {"accepted_at": ANSWERED, "email": "", "accepted_by": "@bea"},
        {"accepted_at": ANSWERED, "email": "", "accepted_by": "@olga"},
    ),
    change("invitation_address_while_open", "invitation", {"email": ""}, {"email": "", "withdrawn_at": ANSWERED}),
    change("coordinator_term_runs_forward", "term", {"ends_on": "2019-12-31"}, {"ends_on": "2020-01-01"}),
    copy("meeting_once_per_intergroup", "meeting", {}, {"slug": "other"}, {"id": NEW_ID}),
    change("meeting_day_and_time_together", "meeting", {"starts": None}, {"starts": None, "day": None}),
    word("meeting_attendance", "meeting", "attendance", "hybrid"),
    change(
        "profile_recovery_date_not_before_1930",
        "profile",
        {"recovery_date": "1929-12-31"},
        {"recovery_date": "1930-01-01"},
    ),
    change("profile_complete_when_said_so", "profile", {"week": WEEK}, {"week": WEEK, "completed_at": None}),
    word("profile_gender", "profile", "gender", "nonbinary"),
    word("profile_approach", "profile", "approach", "secular"),
    change("profile_languages", "profile", {"languages": ["tlh"]}, {"languages": ["ase"]}),
    change("profile_comfort", "profile", {"comfortable_with": ["nobody"]}, {"comfortable_with": ["anyone"]}),
    change("profile_modes", "profile", {"modes": ["fax"]}, {"modes": ["text"]}),
    change("profile_experiences", "profile", {"experiences": ["x"]}, {"experiences": ["parent"]}),
    change("profile_needs", "profile", {"can_meet": ["x"]}, {"can_meet": ["childcare"]}),
    change("sponsor_seats_1_to_8", "sponsor", {"seats": 9}, {"seats": 8}),
    change("sponsor_opened_seat_is_never_free", "sponsor", {"seats_opened": 1}, {"seats_opened": 1, "seats_taken": 2}),
    change("sponsor_never_exceeds_seats", "sponsor", {"seats_taken": 3}, {"seats_taken": 2}),
    change("sponsor_twelve_steps", "sponsor", {"steps_worked": 13}, {"steps_worked": 12}),
    change(
        "sponsor_reason_of_a_pause",
        "sponsor",
        {"pause_reason": "stepped_back"},
        {"pause_reason": "stepped_back", "paused_until": "9999-12-31"},
    ),
    change("sponsor_asked_three_times", "sponsor", {"asks": 4}, {"asks": 3}),
    change("sponsor_three_silent_offers", "sponsor", {"silent_offers": 4}, {"silent_offers": 3}),
    change(
        "sponsor_yes_or_no",
        "sponsor",
        {"declined_at": ANSWERED},
        {"declined_at": ANSWERED, "approved_at": None},
    ),
    change("policy_checklist", "policy", {"checklist": ["x"]}, {"checklist": ["talk"]}),
    copy("application_check_once", "check", {}, {"item": "known"}, {"id": NEW_ID}),
    word("application_check_item", "check", "item", "steps"),
    copy("suspension_one_open", "suspension", {}, {"member_id": "@olga"}, {"id": UUID}),
    change("suspension_has_a_reason", "suspension", {"reason": ""}, {"reason": "Why."}),
    change(
        "suspension_lifted_by_somebody",
        "suspension",
        {"lifted_at": "2999-01-01"},
        {"lifted_at": "2999-01-01", "lifted_by": UUID},
    ),
    copy("bar_once", "bar", {}, {"other_id": "@bea"}, {"id": NEW_ID}),
    change("bar_not_oneself", "bar", {"other_id": "@ana"}, {"other_id": "@bea"}),
    word("bar_kind", "bar", "kind", "not_again"),
    copy("former_bar_once", "former_bar", {}, {"member_id": "@bea"}, {"id": NEW_ID}),
    word("former_bar_kind", "former_bar", "kind", "not_again"),
    change("report_not_oneself", "report", {"about_id": "@ana"}, {"about_id": "@bea"}),
    word("report_kind", "report", "kind", "money"),
]

MATCHING = [
    change("decision_verdict", "decision", {"verdict": "x", "reason": ""}, {"verdict": "approve", "reason": ""}),
    change("decision_due_after_made", "decision", {"due_at": "2001-01-01"}, {"due_at": "2999-01-01"}),
    change("decision_no_has_a_reason", "decision", {"reason": ""}, {"reason": "too_far"}),
    copy("review_question_one_open", "review_question", {}, {"member_id": "@rosa"}, {"id": UUID}),
    change("review_question_asks_something", "review_question", {"text": ""}, {"text": "When?"}),
    change(
        "review_question_answered_has_answer",
        "review_question",
        {"answer": "At six."},
        {"answer": "At six.", "answered_at": "2999-01-01"},
    ),
    copy("request_one_live", "request", {}, {"member_id": "@bea"}, {"id": UUID}),
    copy(
        "request_state",
        "request",
        {"state": "nonsense"},
        {"state": "closed"},
        {"id": UUID, "member_id": "@bea", "ended_at": ANSWERED},
    ),
    word("request_kind", "request", "kind", "bridge"),
    change("request_ended_when_not_live", "request", {"ended_at": ANSWERED}, {"ended_at": None}),
    copy("shown_once", "shown", {}, {"sponsor_id": "@bea"}, {"id": NEW_ID}),
    copy("suggestion_once", "suggestion", {}, {"sponsor_id": "@bea"}, {"id": NEW_ID, "rank": 3}),
    copy("suggestion_rank_once", "suggestion", {"rank": 1}, {"rank": 2}, {"id": NEW_ID, "sponsor_id": "@bea"}),
    copy("offer_once_while_live", "offer", {}, {"sponsor_id": "@bea"}, {"id": UUID, "state": "proposed"}),
    copy("offer_one_at_a_time", "offer", {"state": "sent"}, {"state": "proposed"}, {"id": UUID, "sponsor_id": "@bea"}),
    copy("offer_state", "offer", {"state": "nonsense"}, {"state": "declined"}, {"id": UUID}),
    copy(
        "offer_sent_has_deadline",
        "offer",
        {"expires_at": None},
        {},
        {"id": UUID, "request_id": "@unoffered", "state": "sent"},
    ),
    copy("offer_review_is_answered", "offer", {"answered_at": None}, {}, {"id": UUID, "request_id": "@unoffered"}),
    change("offer_answered_before_it_expires", "offer", {"answered_at": "2999-01-01"}, {"answered_at": ANSWERED}),
    copy("offer_consent_once", "yes", {}, {"role": "coordinator"}, {"id": NEW_ID}),
    word("offer_consent_role", "yes", "role", "coordinator"),
    copy(
        "pairing_one_live",
        "pairing",
        {},
        {"state": "ended", "ended_at": ANSWERED},
        {"id": UUID, "offer_id": "@again", "look_at": None},
    ),
    copy(
        "pairing_of_two_people",
        "pairing",
        {"offer_id": "@self", "sponsor_id": "@olga", "sponsee_id": "@olga"},
        {"offer_id": "@offer", "sponsor_id": "@rosa", "sponsee_id": "@olga"},
        {"id": UUID},
    ),
    copy(
        "pairing_state",
        "pairing",
        {"state": "nonsense"},
        {"state": "confirmed"},
        {"id": UUID, "offer_id": "@offer", "sponsee_id": "@olga"},
    ),
    change(
        "pairing_ended_has_moment",
        "pairing",
        {"state": "ended", "look_at": None},
        {"state": "ended", "look_at": None, "ended_at": ANSWERED},
    ),
    change(
        "pairing_ended_is_not_quiet",
        "pairing",
        {"state": "ended", "ended_at": ANSWERED},
        {"state": "ended", "ended_at": ANSWERED, "look_at": None},
    ),
    change(
        "pairing_contact_ends_quiet",
        "pairing",
        {"quiet_at": ANSWERED, "contact_at": "2026-01-02T00:00:01Z"},
        {"quiet_at": ANSWERED, "contact_at": ANSWERED},
    ),
    change(
        "pairing_asked_when_quiet",
        "pairing",
        {"change_asked_at": ANSWERED},
        {"change_asked_at": ANSWERED, "quiet_at": ANSWERED},
    ),
    change("pairing_step", "pairing", {"step": 13}, {"step": 12}),
    copy("change_ask_once_a_silence", "change_ask", {}, {"silence": ANSWERED}, {"id": UUID}),
    change(
        "change_ask_answered_has_answer",
        "change_ask",
        {"answer": "change"},
        {"answer": "change", "answered_at": ANSWERED},
    ),
    change(
        "change_ask_heard_by_somebody",
        "change_ask",
        {"answer": "talk", "answered_at": ANSWERED, "heard_at": ANSWERED},
        {"answer": "talk", "answered_at": ANSWERED, "heard_at": ANSWERED, "heard_by": UUID},
    ),
    copy("handover_one_open", "handover", {}, {"finished_at": ANSWERED}, {"id": UUID}),
    change("digest_weekday", "digest", {"weekday": 7}, {"weekday": 6}),
    change("digest_hour", "digest", {"hour": 24}, {"hour": 23}),
    copy("plan_once", "plan", {}, {"member_id": "@bea"}, {"id": NEW_ID}),
    change("plan_hour", "plan", {"hour": 24, "hour_chosen": True}, {"hour": 23, "hour_chosen": True}),
    change("plan_quiet_hours", "plan", {"quiet_ends": 24}, {"quiet_ends": 23}),
    change("plan_other_hour_is_chosen", "plan", {"hour": 7}, {"hour": 7, "hour_chosen": True}),
    word("plan_cadence", "plan", "cadence", "none"),
    copy("checkin_once_a_day", "checkin", {}, {"local_date": "2026-02-02"}, {"id": UUID, "state": "lapsed"}),
    copy(
        "checkin_one_open", "checkin", {"state": "open"}, {"state": "lapsed"}, {"id": UUID, "local_date": "2026-02-02"}
    ),
    copy(
        "checkin_state",
        "checkin",
        {"state": "nonsense"},
        {"state": "upcoming"},
        {"id": UUID, "local_date": "2026-02-02"},
    ),
    change(
        "checkin_answered_has_answer",
        "checkin",
        {"answer": "talked"},
        {"answer": "talked", "state": "answered", "answered_at": ANSWERED},
    ),
    copy("service_one_contact_a_day", "service", {}, {"on": "2026-02-02"}, {"id": UUID}),
    word("service_kind", "service", "kind", "panel"),
    change("service_minutes", "service", {"minutes": 0}, {"minutes": 1440}),
    copy("outbox_state", "message", {"state": "nonsense"}, {"state": "sent"}, {"id": UUID, "key": "other"}),
    copy("milestone_plan_once", "milestones", {}, {"member_id": "@bea"}, {"id": UUID}),
    copy("outbox_once", "message", {}, {"channel": "push"}, {"id": UUID}),
    copy("unwanted_notice_once", "unwanted", {}, {"channel": "push"}, {"id": NEW_ID}),
    copy("push_address_once", "device", {}, {"fingerprint": "other"}, {"id": UUID}),
    copy("calendar_feed_digest_once", "feed", {}, {"digest": "other"}, {"member_id": "@bea"}),
    word("unwanted_notice_kind", "unwanted", "kind", "check_ins"),
    change("outbox_lease_ends", "message", {"state": "leased"}, {"state": "leased", "leased_until": ANSWERED}),
]

STALE = {"id": UUID, "state": "stale", "ended_at": ANSWERED}
BYTES = r"\x00"
OPEN = {"state": "waiting", "problem": BYTES}
ROUNDS = [
    copy("round_state", "round", {"state": "nonsense"}, STALE, {"id": UUID}),
    word("round_kind", "round", "kind", "stable"),
    copy("round_one_live_per_intergroup", "round", {}, STALE, {"id": UUID}),
    change("round_shown_is_verified", "round", {"verified_at": None}, {"verified_at": None, **STALE}),
    change("round_shown_has_figures", "round", {"total": None}, {"total": 0}),
    change("round_best_has_certificate", "round", {"bound": None}, {"bound": None, "kind": "stable"}),
    change("round_counts_everybody", "round", {"left": 2}, {"left": 2, "newcomers": 3}),
    copy("round_keeps_people_only_while_solving", "round", {"rest": BYTES}, {}, STALE),
    change("round_ended_has_moment", "round", {"ended_at": ANSWERED}, {"ended_at": ANSWERED, "state": "stale"}),
    copy(
        "round_published_by_somebody",
        "round",
        {"published_by": None},
        {"published_by": UUID},
        {**STALE, "state": "published"},
    ),
    copy("round_part_once", "part", {}, {"number": 2}, {"id": NEW_ID}),
    copy("round_part_state", "part", {"state": "nonsense"}, {"state": "failed"}, {"id": NEW_ID, "number": 2}),
    copy(
        "round_part_lease_ends",
        "part",
        {"leased_until": None},
        {"leased_until": ANSWERED},
        {"id": NEW_ID, "number": 2, "problem": BYTES, "state": "leased"},
    ),
    copy("round_part_open_has_a_problem", "part", {"problem": None}, {}, {"id": NEW_ID, "number": 2, **OPEN}),
    change("round_part_solved_has_both_or_neither", "part", {"result": BYTES}, {"result": BYTES, "problem": BYTES}),
    copy(
        "round_part_ended_keeps_nobody",
        "part",
        {"result": BYTES, "problem": BYTES},
        {},
        {"id": NEW_ID, "number": 2, "state": "cancelled"},
    ),
    copy("round_pair_once", "pair", {}, {"newcomer_id": "@bea"}, {"id": NEW_ID}),
    change("round_pair_of_two_people", "pair", {"newcomer_id": "@rosa"}, {"newcomer_id": "@bea"}),
    change("round_pair_price", "pair", {"price": -1}, {"price": 0}),
    word("round_pair_outcome", "pair", "outcome", "unfit"),
    change(
        "round_pair_proposed_has_offer",
        "pair",
        {"offer_id": "@offer"},
        {"offer_id": "@offer", "outcome": "proposed"},
    ),
    copy("round_left_once", "left", {}, {"newcomer_id": "@bea"}, {"id": NEW_ID}),
    change("round_left_price", "left", {"price": -1}, {"price": 0}),
    change(
        "round_left_for_one_reason",
        "left",
        {"excluded": {"language": 3}},
        {"excluded": {"language": 3}, "eligible": 0},
    ),
    copy("round_sponsor_once", "load", {}, {"sponsor_id": "@bea"}, {"id": NEW_ID}),
    change("round_sponsor_within_seats", "load", {"given": 3}, {"given": 2}),
    change("round_sponsor_price", "load", {"price": -1}, {"price": 0}),
]

SEARCHES = [
    copy(
        "recruiting_state",
        "search",
        {"state": "nonsense"},
        {"state": "failed"},
        {"id": NEW_ID, "intergroup_id": NEW_ID},
    ),
    change(
        "recruiting_keeps_people_only_while_working",
        "search",
        {"problem": BYTES},
        {"problem": BYTES, "state": "working"},
    ),
    change("recruiting_done_has_moment", "search", {"as_of": None}, {"as_of": None, "state": "working"}),
    change("recruiting_serves_those_who_wait", "search", {"served": 3}, {"served": 2}),
    copy("recruiting_line_once", "line", {}, {"newcomer_id": "@bea"}, {"id": NEW_ID}),
    change("recruiting_line_step", "line", {"step": 0}, {"step": None}),
]

TALLIES = [
    copy("tally_once", "tally", {}, {"backend": 1}, {"id": NEW_ID}),
    word("tally_kind", "tally", "kind", "missed"),
]

NOBODY_YET = {"state": "open", "volunteer_id": None, "agreed_at": None}
BRIDGES = [
    change(
        "bridge_invitation_thirty_days",
        "bridge_invitation",
        {"made_at": "2026-01-01", "expires_at": "2026-02-01"},
        {"made_at": "2026-01-01", "expires_at": "2026-01-31"},
    ),
    change(
        "bridge_invitation_sent_keeps_no_address",
        "bridge_invitation",
        {"sent_at": ANSWERED},
        {"sent_at": ANSWERED, "email": ""},
    ),
    copy("bridge_one_live", "bridge", {}, {"member_id": "@olga"}, {"id": UUID}),
    copy(
        "bridge_state",
        "bridge",
        {"state": "nonsense"},
        {"state": "closed"},
        {"id": UUID, "member_id": "@olga", "ended_at": ANSWERED},
    ),
    change("bridge_six_meetings", "bridge", {"meetings": 7}, {"meetings": 6}),
    change("bridge_met_has_a_day", "bridge", {"met_on": None}, {"met_on": None, "meetings": 0}),
    change("bridge_open_has_nobody", "bridge", {**NOBODY_YET, "volunteer_id": "@bea"}, NOBODY_YET),
    change("bridge_held_by_somebody", "bridge", {"volunteer_id": None}, {"volunteer_id": "@rosa"}),
    change("bridge_both_said_yes", "bridge", {"agreed_at": None}, {"agreed_at": ANSWERED}),
    change("bridge_of_two_people", "bridge", {"volunteer_id": "@ana"}, {"volunteer_id": "@rosa"}),
    change("bridge_ended_when_not_live", "bridge", {"ended_at": ANSWERED}, {"ended_at": ANSWERED, "state": "closed"}),
]

LISTS = [
    copy("office_list_one_each", "list", {}, {"made_by_id": "@olga"}, {"id": UUID}),
    word("office_list_stage", "list", "stage", "inviting"),
    change("office_list_done_of_total", "list", {"done": 3}, {"done": 2}),
    change("column_habit_says_something", "habit", {"columns": {}}, {"columns": {"y": ""}}),
    copy("invitee_once", "invitee", {}, {"mark": "other"}, {"id": UUID}),
    word("invitee_wish", "invitee", "wish", "newcomer"),
    change("invitee_expires_later", "invitee", {"expires_at": "2001-01-01"}, {"expires_at": "2999-01-01"}),
    change("invitee_address_until_sent", "invitee", {"address": ""}, {"address": "", "sent_at": ANSWERED}),
]

CASES = [*ACCOUNTS, *MATCHING, *ROUNDS, *SEARCHES, *TALLIES, *BRIDGES, *LISTS]
