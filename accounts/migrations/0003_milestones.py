"""Milestones that a fellowship has beyond the usual ones."""

import django.contrib.postgres.fields
from django.db import migrations, models

NARCOTICS_ANONYMOUS = """
UPDATE accounts_fellowship SET extra_milestone_months = '{18}' WHERE code = 'na' AND date_words <> '{}';
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_guards")]

    operations = [
        migrations.AddField(
            model_name="fellowship",
            name="extra_milestone_months",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None
            ),
        ),
        migrations.RunSQL(NARCOTICS_ANONYMOUS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="fellowship",
            constraint=models.CheckConstraint(
                condition=models.Q(extra_milestone_months__contained_by=list(range(1, 61))),
                name="fellowship_extra_milestones",
            ),
        ),
        migrations.AddConstraint(
            model_name="fellowship",
            constraint=models.CheckConstraint(
                condition=models.Q(extra_milestone_months=[]) | ~models.Q(date_words={}),
                name="fellowship_milestones_need_a_date",
            ),
        ),
    ]
