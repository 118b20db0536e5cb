"""The living roster: how often a sponsor was asked whether they are still there, and why one pauses."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_policy_change'),
    ]

    operations = [
        migrations.AddField(
            model_name='sponsor',
            name='ask_next_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='sponsor',
            name='asks',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='sponsor',
            name='pause_reason',
            field=models.CharField(blank=True, choices=[('chosen', 'Chose a pause'), ('unconfirmed', 'Three letters without an answer'), ('unanswered', 'Three offers in a row ran out'), ('stepped_back', 'Stepped back')], max_length=12),
        ),
        migrations.AddField(
            model_name='sponsor',
            name='silent_offers',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name='sponsor',
            constraint=models.CheckConstraint(condition=models.Q(('pause_reason', ''), models.Q(('pause_reason__in', ['chosen', 'unconfirmed', 'unanswered', 'stepped_back']), ('paused_until__isnull', False)), _connector='OR'), name='sponsor_reason_of_a_pause'),
        ),
        migrations.AddConstraint(
            model_name='sponsor',
            constraint=models.CheckConstraint(condition=models.Q(('asks__lte', 3)), name='sponsor_asked_three_times'),
        ),
        migrations.AddConstraint(
            model_name='sponsor',
            constraint=models.CheckConstraint(condition=models.Q(('silent_offers__lte', 3)), name='sponsor_three_silent_offers'),
        ),
    ]
