"""Silence: the last contact and since when a pair is quiet; the question that follows; a sponsor's weekly letter."""

import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


# What was told before counts; the tick then looks at every pair once.
COUNT = """
UPDATE matching_pairing AS pairing SET
    contact_at = (SELECT max(answered_at) FROM matching_checkin WHERE pairing_id = pairing.id AND answer = 'talked'),
    count_from = began_at,
    look_at = CASE WHEN state <> 'ended' THEN now() END;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_living_roster'),
        ('matching', '0011_review_decisions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChangeAsk',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('silence', models.DateTimeField()),
                ('asked_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, choices=[('well', 'All is well'), ('change', 'I would like a change'), ('talk', 'I would like to talk to a volunteer')], max_length=10)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('heard_at', models.DateTimeField(blank=True, null=True)),
                ('heard_by', models.UUIDField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-asked_at'],
            },
        ),
        migrations.CreateModel(
            name='Digest',
            fields=[
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='digest', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('weekday', models.PositiveSmallIntegerField(default=6, validators=[django.core.validators.MaxValueValidator(6)])),
                ('hour', models.PositiveSmallIntegerField(default=18, validators=[django.core.validators.MaxValueValidator(23)])),
                ('next_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='pairing',
            name='change_asked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='pairing',
            name='contact_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='pairing',
            name='count_from',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='pairing',
            name='look_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='pairing',
            name='quiet_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='pairing',
            index=models.Index(condition=models.Q(('look_at__isnull', False)), fields=['look_at'], name='pairing_look'),
        ),
        migrations.AddIndex(
            model_name='pairing',
            index=models.Index(condition=models.Q(('quiet_at__isnull', False)), fields=['intergroup', 'quiet_at'], name='pairing_quiet'),
        ),
        migrations.AddConstraint(
            model_name='pairing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'ended'), _negated=True), models.Q(('look_at__isnull', True), ('quiet_at__isnull', True)), _connector='OR'), name='pairing_ended_is_not_quiet'),
        ),
        migrations.AddConstraint(
            model_name='pairing',
            constraint=models.CheckConstraint(condition=models.Q(('quiet_at__isnull', True), ('contact_at__isnull', True), ('contact_at__lte', models.F('quiet_at')), _connector='OR'), name='pairing_contact_ends_quiet'),
        ),
        migrations.AddConstraint(
            model_name='pairing',
            constraint=models.CheckConstraint(condition=models.Q(('change_asked_at__isnull', True), ('quiet_at__isnull', False), _connector='OR'), name='pairing_asked_when_quiet'),
        ),
        migrations.AddField(
            model_name='changeask',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='change_asks', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='changeask',
            name='pairing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='change_asks', to='matching.pairing'),
        ),
        migrations.AddIndex(
            model_name='digest',
            index=models.Index(fields=['next_at'], name='digest_due'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='digest_weekday'),
        ),
        migrations.AddConstraint(
            model_name='digest',
            constraint=models.CheckConstraint(condition=models.Q(('hour__lte', 23)), name='digest_hour'),
        ),
        migrations.AddConstraint(
            model_name='changeask',
            constraint=models.UniqueConstraint(fields=('pairing', 'member', 'silence'), name='change_ask_once_a_silence'),
        ),
        migrations.AddConstraint(
            model_name='changeask',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True)), models.Q(('answer__in', ['well', 'change', 'talk']), ('answered_at__isnull', False)), _connector='OR'), name='change_ask_answered_has_answer'),
        ),
        migrations.AddConstraint(
            model_name='changeask',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('heard_at__isnull', True), ('heard_by__isnull', True)), models.Q(('answer', 'talk'), ('heard_at__gte', models.F('answered_at')), ('heard_by__isnull', False)), _connector='OR'), name='change_ask_heard_by_somebody'),
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
