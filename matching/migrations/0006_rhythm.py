"""The rhythm: quiet hours of one's own."""

import django.core.validators
from django.db import migrations, models

# Until now an hour other than the usual one was there because its member had picked it.
PICKED = "UPDATE matching_checkinplan SET hour_chosen = true WHERE hour <> 18;"


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0005_outbox'),
    ]

    operations = [
        migrations.AddField(
            model_name="checkinplan",
            name="flag_quiet",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="checkinplan",
            name="unanswered",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='checkinplan',
            name='hour_chosen',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='checkinplan',
            name='quiet_begins',
            field=models.PositiveSmallIntegerField(default=21, validators=[django.core.validators.MaxValueValidator(23)]),
        ),
        migrations.AddField(
            model_name='checkinplan',
            name='quiet_ends',
            field=models.PositiveSmallIntegerField(default=9, validators=[django.core.validators.MaxValueValidator(23)]),
        ),
        migrations.RunSQL(PICKED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='checkinplan',
            constraint=models.CheckConstraint(condition=models.Q(('quiet_begins__lte', 23), ('quiet_ends__lte', 23)), name='plan_quiet_hours'),
        ),
        migrations.AddConstraint(
            model_name='checkinplan',
            constraint=models.CheckConstraint(condition=models.Q(('hour', 18), ('hour_chosen', True), _connector='OR'), name='plan_other_hour_is_chosen'),
        ),
    ]
