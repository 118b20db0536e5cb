"""Scopes and the end of a term. Whoever served before keeps all rights they had."""

import django.contrib.postgres.fields
from django.db import migrations, models

import accounts.models.intergroup

SCOPES = ['area', 'bridging', 'safety']
CHOICES = [
    ('area', 'The work of the office: requests, pairs, sponsors, rounds, settings'),
    ('bridging', 'First contacts after treatment, and nothing else'),
    ('safety', 'What members report about each other'),
]


def name_scopes(apps, schema_editor):
    Coordinator = apps.get_model('accounts', 'Coordinator')
    for term in Coordinator.objects.all():
        known = [one for one in term.scopes if one in SCOPES]
        term.scopes = known or ['area', 'safety']
        term.save(update_fields=['scopes'])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_sealed'),
    ]

    operations = [
        migrations.AlterField(
            model_name='coordinator',
            name='scopes',
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=CHOICES, max_length=20),
                default=accounts.models.intergroup.usual_scopes,
                size=None,
            ),
        ),
        migrations.AddField('coordinator', 'left_at', models.DateTimeField(blank=True, null=True)),
        migrations.AddField('coordinator', 'extended_by', models.UUIDField(blank=True, editable=False, null=True)),
        migrations.AddField(
            'coordinator', 'reminded', models.PositiveSmallIntegerField(blank=True, editable=False, null=True)
        ),
        migrations.RunPython(name_scopes, migrations.RunPython.noop),
    ]
