"""The log of the roster's changes, and the triggers that write it: once for each row that is matched differently now.

What a trigger compares is what ``matching.roster`` reads of that table; a test tries every column of it.
"""

import matching.models.rosterchange
from django.db import migrations, models

ANSWERED = "'in_review', 'paired', 'declined', 'rejected'"
EXPIRED = "'expired'"

LOGS_A_MEMBER = """
CREATE FUNCTION matching_roster_{key}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO matching_rosterchange (member)
        SELECT DISTINCT who FROM unnest(ARRAY[OLD.{key}, NEW.{key}]) AS who WHERE who IS NOT NULL;
    RETURN NULL;
END $$;
"""
# Not the members of the area: a transaction that is moving somebody into it may have begun, and sees the old centre.
# Whoever reads the log looks who is in the area by then.
LOGS_AN_AREA = """
CREATE FUNCTION matching_roster_area() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO matching_rosterchange (area) VALUES (NEW.id);
    RETURN NULL;
END $$;
"""
LOGS_EVERYBODY = """
CREATE FUNCTION matching_roster_everybody() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO matching_rosterchange DEFAULT VALUES;
    RETURN NULL;
END $$;
"""

PROFILE = [
    *("user_id", "intergroup_id", "fellowship_id", "zone", "recovery_date", "program_since", "languages", "gender"),
    *("comfortable_with", "modes", "area_id", "max_km", "home_group_id", "approach", "experiences", "needs"),
    *("can_meet", "week", "completed_at"),
]
SPONSOR = [
    *("user_id", "seats", "seats_taken", "steps_worked", "has_own_sponsor", "approved_at", "confirmed_at"),
    *("paused_until", "last_offer_at"),
]
TRUNCATED = [
    *("accounts_profile", "accounts_sponsor", "accounts_user", "accounts_area", "matching_offer"),
    "matching_rosterchange",
]


def _columns(*names):
    return [f"{{row}}.{name}" for name in names]


def _counted(states):
    return f"CASE WHEN {{row}}.state IN ({states}) THEN {{row}}.sponsor_id END"


def _trigger(table, when, function, condition=""):
    name = f"{table}_roster_{when.split()[0].lower()}"
    rows = "STATEMENT" if when == "TRUNCATE" else "ROW"
    condition = f"WHEN ({condition})" if condition else ""
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH {rows} {condition} "
        f"EXECUTE FUNCTION matching_roster_{function}();",
        f"DROP TRIGGER {name} ON {table};",
    )


def _on_update(table, function, values):
    before, after = (", ".join(values).format_map({"row": row}) for row in ("OLD", "NEW"))
    return _trigger(table, "UPDATE", function, f"({before}) IS DISTINCT FROM ({after})")


TRIGGERS = [
    _trigger("accounts_profile", "INSERT OR DELETE", "user_id"),
    _on_update("accounts_profile", "user_id", _columns(*PROFILE)),
    _trigger("accounts_sponsor", "INSERT OR DELETE", "user_id"),
    _on_update("accounts_sponsor", "user_id", _columns(*SPONSOR)),
    _on_update("accounts_user", "id", _columns("is_active")),
    _trigger("matching_offer", "INSERT", "sponsor_id", f"NEW.state IN ({ANSWERED}, {EXPIRED})"),
    _trigger("matching_offer", "DELETE", "sponsor_id", f"OLD.state IN ({ANSWERED}, {EXPIRED})"),
    _on_update("matching_offer", "sponsor_id", [_counted(ANSWERED), _counted(EXPIRED)]),
    _on_update("accounts_area", "area", _columns("latitude", "longitude")),
    *[_trigger(table, "TRUNCATE", "everybody") for table in TRUNCATED],
]


class Migration(migrations.Migration):
    dependencies = [("matching", "0003_rounds"), ("accounts", "0002_guards")]

    operations = [
        migrations.CreateModel(
            name="RosterChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("member", models.UUIDField(null=True)),
                ("area", models.BigIntegerField(null=True)),
                (
                    "xid",
                    matching.models.rosterchange.TransactionField(db_default=models.Func(function="pg_current_xact_id")),
                ),
                (
                    "settled",
                    matching.models.rosterchange.TransactionField(
                        db_default=models.Func(
                            models.Func(function="pg_current_snapshot"), function="pg_snapshot_xmin"
                        )
                    ),
                ),
                ("at", models.DateTimeField(db_default=models.Func(function="clock_timestamp"))),
            ],
            options={"indexes": [models.Index(fields=["xid"], name="roster_change_xid")]},
        ),
        *[
            migrations.RunSQL(LOGS_A_MEMBER.format(key=key), f"DROP FUNCTION matching_roster_{key}();")
            for key in ("user_id", "id", "sponsor_id")
        ],
        migrations.RunSQL(LOGS_AN_AREA, "DROP FUNCTION matching_roster_area();"),
        migrations.RunSQL(LOGS_EVERYBODY, "DROP FUNCTION matching_roster_everybody();"),
        *TRIGGERS,
    ]
