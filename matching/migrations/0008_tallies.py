"""Counters of messages, kept by the database in the same transaction as what they count, whoever writes it."""

from django.conf import settings
from django.db import migrations, models

# One row for each connection, so that no sender waits for another's commit. A message that is taken (waiting to leased)
# counts for nothing; one that goes back with a later moment was put off.
COUNTS = """
CREATE FUNCTION matching_tally_messages() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO matching_tally AS tally (kind, topic, hour, bucket, backend, number, seconds)
    SELECT kind, topic, hour, bucket, pg_backend_pid(), count(*), sum(late)
      FROM (SELECT CASE now_is.state WHEN 'waiting' THEN 'put_off' ELSE now_is.state END AS kind,
                   now_is.topic,
                   date_trunc('hour', coalesce(now_is.ended_at, now()), 'UTC') AS hour,
                   CASE now_is.state WHEN 'sent' THEN (
                       SELECT count(*) FROM unnest(ARRAY[1, 2, 5, 10, 15, 20, 30, 45, 60, 120, 300, 900, 3600]) AS bound
                        WHERE bound < extract(epoch FROM now_is.ended_at - now_is.send_after)) ELSE 0 END AS bucket,
                   CASE now_is.state WHEN 'sent' THEN
                       greatest(extract(epoch FROM now_is.ended_at - now_is.send_after), 0) ELSE 0 END AS late
              FROM fresh AS now_is JOIN stale AS was USING (id)
             WHERE was.state <> now_is.state
               AND (now_is.state IN ('sent', 'missed', 'failed')
                    OR (was.state = 'leased' AND now_is.state = 'waiting' AND now_is.send_after > was.send_after))) AS ended
     GROUP BY kind, topic, hour, bucket
     ORDER BY kind, topic, hour, bucket
        ON CONFLICT ON CONSTRAINT tally_once DO UPDATE
       SET number = tally.number + excluded.number, seconds = tally.seconds + excluded.seconds;
    RETURN NULL;
END $$;
CREATE TRIGGER matching_outboxmessage_tally AFTER UPDATE ON matching_outboxmessage
    REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION matching_tally_messages();
"""
UNCOUNTED = """
DROP TRIGGER matching_outboxmessage_tally ON matching_outboxmessage;
DROP FUNCTION matching_tally_messages();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0007_milestones'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sent', 'Sent'), ('missed', 'Missed'), ('failed', 'Failed'), ('put_off', 'Put Off'), ('duplicate', 'Duplicate')], max_length=10)),
                ('topic', models.CharField(max_length=40)),
                ('hour', models.DateTimeField()),
                ('bucket', models.PositiveSmallIntegerField(default=0)),
                ('backend', models.IntegerField()),
                ('number', models.BigIntegerField()),
                ('seconds', models.FloatField(default=0)),
            ],
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('state', 'failed')), fields=['topic'], name='outbox_set_aside'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.UniqueConstraint(fields=('kind', 'topic', 'hour', 'bucket', 'backend'), name='tally_once'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['sent', 'missed', 'failed', 'put_off', 'duplicate'])), name='tally_kind'),
        ),
        migrations.RunSQL(COUNTS, UNCOUNTED),
    ]
