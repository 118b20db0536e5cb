"""The sentences behind the keys of notes."""

from django.utils.translation import gettext_lazy as _

FILE_WORDS = {
    "unreadable": _("We could not open this file: %(detail)s."),
    "too_big": _("This file is larger than %(detail)s MB. Is it a meeting feed?"),
    "not_utf8": _("This file is not UTF-8 text. Save it as UTF-8 and try again."),
    "not_json": _("This file is not valid JSON (%(detail)s). Export it again from your website."),
    "too_deep": _("This file is nested too deeply to be a meeting feed."),
    "not_a_list": _("A meeting feed is a list of meetings. This file holds something else."),
    "empty": _("This file lists no meetings."),
    "no_objects": _("Nothing in this list is a meeting."),
    "nothing_usable": _("No row of this file could be used."),
}

REFUSALS = {
    "not_a_meeting": _("This row is not a meeting."),
    "no_name": _("It has no name."),
    "bad_day": _("We cannot read the day “%(detail)s”. Use 0 for Sunday up to 6 for Saturday."),
    "bad_time": _("We cannot read the time “%(detail)s”. Write it like 18:30."),
    "day_without_time": _("It has a day but no time. Give both, or neither for a meeting by appointment."),
    "time_without_day": _("It has a time but no day. Give both, or neither for a meeting by appointment."),
    "duplicate": _("It repeats row %(detail)s."),
}

MENDS = {
    "not_text": _("“%(detail)s” is not text and was left out."),
    "html_removed": _("HTML was removed from “%(detail)s”."),
    "hidden_removed": _("Hidden characters were removed from “%(detail)s”."),
    "cut": _("“%(detail)s” was too long and was cut."),
    "name_from_group": _("It has no name, so we used the name of its group."),
    "slug_made": _("It has no slug, so we made one: %(detail)s."),
    "slug_cleaned": _("Its slug was made safe for addresses: %(detail)s."),
    "slug_changed": _("Its slug belongs to another meeting, so it became %(detail)s."),
    "day_dropped": _("We cannot read the day “%(detail)s” and left it out."),
    "day_repeated": _("One of its days repeats row %(detail)s and was left out."),
    "afternoon": _("The time “%(detail)s” is both 24-hour and p.m.; we read it as 24-hour."),
    "end_time_dropped": _("The end time “%(detail)s” does not fit, so we assumed one hour."),
    "zone_unknown": _("We do not know the time zone “%(detail)s” and used your office's."),
    "coordinates_dropped": _("Its coordinates are incomplete or not on earth and were left out."),
    "type_dropped": _("A meeting type was unreadable and was left out."),
    "attendance_unknown": _("We do not know “%(detail)s” as a way to attend, so we went by the other fields."),
    "link_completed": _("Its link lacked https:// and was completed."),
    "link_dropped": _("Its link is not a web address and was left out."),
    "phone_dropped": _("Its phone number is unreadable and was left out."),
}

REMARKS = {
    "zone_missing": _("No time zone is given, so your office's is used."),
    "time_notation": _("The time is not written like 18:30. It was understood."),
    "day_notation": _("The day is not written as a number. It was understood."),
    "several_days": _("It meets on several days. Each day became a meeting."),
    "by_appointment": _("It has no day and time, so it is listed as by appointment."),
    "not_meeting": _("It does not meet at the moment. It is kept, but not offered to members."),
    "no_way_to_join": _("It is online, but no link or phone number is published."),
    "no_area": _("No region or city is given, so it belongs to no area."),
}

WORDS = FILE_WORDS | REFUSALS | MENDS | REMARKS


def say(key: str, detail: str) -> str:
    """The sentence for a key in the reader's language."""
    return str(WORDS[key]) % {"detail": detail}
