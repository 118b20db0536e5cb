"""Milestones: whose are remembered, and the triggers that forget with a date what was made of it.

The triggers stand on the tables themselves, so that no way of writing a profile can leave a message of an old date
behind. They wait for a tick that holds the plan, and a tick passes over a plan that they hold.
"""

import accounts.clock
import datetime
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

# The pattern operators are those of the key's own index for prefixes; ";" follows ":".
FORGET = """
CREATE FUNCTION matching_milestones_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM matching_outboxmessage
     WHERE key ~>=~ ('milestone:' || OLD.id || ':') AND key ~<~ ('milestone:' || OLD.id || ';');
    RETURN NULL;
END $$;
CREATE TRIGGER matching_milestones_forget AFTER UPDATE OF id OR DELETE ON matching_milestoneplan
    FOR EACH ROW EXECUTE FUNCTION matching_milestones_forget();
"""
REMEMBER = """
DROP TRIGGER matching_milestones_forget ON matching_milestoneplan;
DROP FUNCTION matching_milestones_forget();
"""
# Another zone: the same milestones at other moments; what waits for this member, be it about the day of somebody whom
# they sponsor, is posted anew, under the same keys.
FOLLOW = """
CREATE FUNCTION matching_milestones_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    plan uuid;
BEGIN
    IF NEW.recovery_date IS NULL OR NEW.fellowship_id IS DISTINCT FROM OLD.fellowship_id THEN
        DELETE FROM matching_milestoneplan WHERE member_id = NEW.user_id;
    ELSIF NEW.recovery_date IS DISTINCT FROM OLD.recovery_date THEN
        UPDATE matching_milestoneplan
           SET id = gen_random_uuid(), sponsor_too = false, from_on = NULL, next_at = 'epoch'
         WHERE member_id = NEW.user_id;
    END IF;
    IF NEW.zone IS DISTINCT FROM OLD.zone THEN
        FOR plan IN
            UPDATE matching_milestoneplan SET next_at = 'epoch'
             WHERE member_id = NEW.user_id OR id IN (
                   SELECT (ids ->> 'milestones')::uuid FROM matching_outboxmessage
                    WHERE recipient_id = NEW.user_id AND topic = 'milestone_of_other' AND state = 'waiting')
            RETURNING id
        LOOP
            DELETE FROM matching_outboxmessage
             WHERE key ~>=~ ('milestone:' || plan || ':') AND key ~<~ ('milestone:' || plan || ';')
               AND state = 'waiting' AND recipient_id = NEW.user_id;
        END LOOP;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER matching_milestones_follow AFTER UPDATE OF recovery_date, fellowship_id, zone ON accounts_profile
    FOR EACH ROW
    WHEN ((OLD.recovery_date, OLD.fellowship_id, OLD.zone)
          IS DISTINCT FROM (NEW.recovery_date, NEW.fellowship_id, NEW.zone))
    EXECUTE FUNCTION matching_milestones_follow();
"""
UNFOLLOW = """
DROP TRIGGER matching_milestones_follow ON accounts_profile;
DROP FUNCTION matching_milestones_follow();
"""
KINDS = {"check_ins": "Short questions, now and then", "news": "News that needs no answer", "dates": "Days worth remembering"}


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_milestones"),
        ("matching", "0006_rhythm"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MilestonePlan",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sponsor_too", models.BooleanField(default=False)),
                ("from_on", models.DateField(blank=True, null=True)),
                (
                    "next_at",
                    models.DateTimeField(default=datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)),
                ),
                ("since", models.DateTimeField(default=accounts.clock.now)),
                (
                    "fellowship",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.fellowship"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestone_plans",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("member", "fellowship"), name="milestone_plan_once")
                ],
                "indexes": [models.Index(fields=["next_at"], name="milestone_plan_due")],
            },
        ),
        migrations.RemoveConstraint(model_name="unwantednotice", name="unwanted_notice_kind"),
        migrations.AlterField(
            model_name="unwantednotice",
            name="kind",
            field=models.CharField(choices=list(KINDS.items()), max_length=20),
        ),
        migrations.AddConstraint(
            model_name="unwantednotice",
            constraint=models.CheckConstraint(
                condition=models.Q(kind__in=["check_ins", "news", "dates"]), name="unwanted_notice_kind"
            ),
        ),
        migrations.RunSQL(FORGET, REMEMBER),
        migrations.RunSQL(FOLLOW, UNFOLLOW),
    ]
