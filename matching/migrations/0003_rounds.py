"""Rounds, the parts they are solved in and what they found; and the moves that the database itself refuses."""

import django.db.models.deletion
import django.db.models.expressions
import uuid
from django.conf import settings
from django.db import migrations, models

MOVES = {
    "matching_round": ["planning>solving", "planning>cancelled", "planning>failed"]
    + ["solving>preview", "solving>planning", "solving>cancelled", "solving>failed"]
    + ["preview>published", "preview>planning", "preview>stale", "preview>cancelled"],
    "matching_roundpart": ["waiting>leased", "waiting>cancelled", "waiting>failed"]
    + ["leased>solved", "leased>cancelled", "leased>failed", "solved>cancelled"],
}


def _triggers():
    for table, moves in MOVES.items():
        arguments = ", ".join(f"'{move}'" for move in moves)
        yield (
            f"CREATE TRIGGER {table}_legal_move BEFORE UPDATE OF state ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION matching_legal_move({arguments});",
            f"DROP TRIGGER {table}_legal_move ON {table};",
        )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_guards'),
        ('matching', '0002_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('best', 'As many people as possible, then the best matches in total'), ('stable', 'No two people who would both rather have each other')], default='best', max_length=10)),
                ('weights', models.JSONField(blank=True, default=dict)),
                ('state', models.CharField(choices=[('planning', 'Being prepared'), ('solving', 'Being worked out'), ('preview', 'Preview'), ('published', 'Proposed to the newcomers'), ('stale', 'Replaced by a newer one'), ('cancelled', 'Cancelled'), ('failed', 'Could not be made')], default='planning', max_length=10)),
                ('made_at', models.DateTimeField()),
                ('began_at', models.DateTimeField()),
                ('as_of', models.DateTimeField(blank=True, null=True)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('rest', models.BinaryField(blank=True, null=True)),
                ('newcomers', models.PositiveIntegerField(default=0)),
                ('sponsors', models.PositiveIntegerField(default=0)),
                ('served', models.PositiveIntegerField(blank=True, null=True)),
                ('left', models.PositiveIntegerField(blank=True, null=True)),
                ('total', models.BigIntegerField(blank=True, null=True)),
                ('lowest', models.IntegerField(blank=True, null=True)),
                ('fairness', models.JSONField(blank=True, default=dict)),
                ('service', models.BigIntegerField(blank=True, null=True)),
                ('bound', models.BigIntegerField(blank=True, null=True)),
                ('verified_at', models.DateTimeField(blank=True, null=True)),
                ('seconds', models.FloatField(blank=True, null=True)),
                ('published_by', models.UUIDField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('trouble', models.CharField(blank=True, max_length=80)),
                ('intergroup', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='accounts.intergroup')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at'],
            },
        ),
        migrations.CreateModel(
            name='RoundLeft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('eligible', models.PositiveIntegerField()),
                ('excluded', models.JSONField(default=dict)),
                ('price', models.BigIntegerField(default=0)),
                ('newcomer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='matching.sponsorrequest')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='left_over', to='matching.round')),
            ],
        ),
        migrations.CreateModel(
            name='RoundPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.PositiveIntegerField()),
                ('price', models.BigIntegerField(default=0)),
                ('outcome', models.CharField(choices=[('waiting', 'Not proposed yet'), ('proposed', 'Proposed to the newcomer'), ('overtaken', 'The request has moved on'), ('unfit', 'They no longer fit')], default='waiting', max_length=10)),
                ('broken', models.CharField(blank=True, max_length=20)),
                ('newcomer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('offer', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='round_pair', to='matching.offer')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='matching.sponsorrequest')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairs', to='matching.round')),
                ('sponsor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='RoundPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('leased', 'Being worked out'), ('solved', 'Done'), ('cancelled', 'Cancelled'), ('failed', 'Set aside')], default='waiting', max_length=10)),
                ('mark', models.CharField(max_length=64)),
                ('newcomers', models.PositiveIntegerField()),
                ('sponsors', models.PositiveIntegerField()),
                ('problem', models.BinaryField(blank=True, null=True)),
                ('result', models.BinaryField(blank=True, null=True)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='matching.round')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='RoundSponsor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('free', models.PositiveSmallIntegerField()),
                ('given', models.PositiveSmallIntegerField()),
                ('price', models.BigIntegerField(default=0)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='loads', to='matching.round')),
                ('sponsor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='round',
            index=models.Index(fields=['intergroup', '-made_at'], name='round_of_intergroup'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planning', 'solving', 'preview', 'published', 'stale', 'cancelled', 'failed'])), name='round_state'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['best', 'stable'])), name='round_kind'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('planning', 'solving', 'preview'))), fields=('intergroup',), name='round_one_live_per_intergroup'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('preview', 'published')), _negated=True), ('verified_at__isnull', False), _connector='OR'), name='round_shown_is_verified'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('preview', 'published')), _negated=True), models.Q(('as_of__isnull', False), ('left__isnull', False), ('served__isnull', False), ('total__isnull', False)), _connector='OR'), name='round_shown_has_figures'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'best'), ('state__in', ('preview', 'published')), _negated=True), models.Q(('bound__isnull', False), ('service__isnull', False)), _connector='OR'), name='round_best_has_certificate'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('served__isnull', True), ('newcomers', django.db.models.expressions.CombinedExpression(models.F('served'), '+', models.F('left'))), _connector='OR'), name='round_counts_everybody'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rest__isnull', False), ('state', 'solving')), models.Q(models.Q(('state', 'solving'), _negated=True), ('rest__isnull', True)), _connector='OR'), name='round_keeps_people_only_while_solving'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ('published', 'stale', 'cancelled', 'failed'))), models.Q(models.Q(('state__in', ('published', 'stale', 'cancelled', 'failed')), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='round_ended_has_moment'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published_by__isnull', False), _connector='OR'), name='round_published_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='roundleft',
            constraint=models.UniqueConstraint(fields=('round', 'newcomer'), name='round_left_once'),
        ),
        migrations.AddConstraint(
            model_name='roundleft',
            constraint=models.CheckConstraint(condition=models.Q(('price__gte', 0)), name='round_left_price'),
        ),
        migrations.AddConstraint(
            model_name='roundleft',
            constraint=models.CheckConstraint(condition=models.Q(('eligible', 0), ('excluded', {}), _connector='OR'), name='round_left_for_one_reason'),
        ),
        migrations.AddConstraint(
            model_name='roundpair',
            constraint=models.UniqueConstraint(fields=('round', 'newcomer'), name='round_pair_once'),
        ),
        migrations.AddConstraint(
            model_name='roundpair',
            constraint=models.CheckConstraint(condition=models.Q(('newcomer', models.F('sponsor')), _negated=True), name='round_pair_of_two_people'),
        ),
        migrations.AddConstraint(
            model_name='roundpair',
            constraint=models.CheckConstraint(condition=models.Q(('price__gte', 0)), name='round_pair_price'),
        ),
        migrations.AddConstraint(
            model_name='roundpair',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['waiting', 'proposed', 'overtaken', 'unfit'])), name='round_pair_outcome'),
        ),
        migrations.AddConstraint(
            model_name='roundpair',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('offer__isnull', False), ('outcome', 'proposed')), models.Q(models.Q(('outcome', 'proposed'), _negated=True), ('offer__isnull', True)), _connector='OR'), name='round_pair_proposed_has_offer'),
        ),
        migrations.AddConstraint(
            model_name='roundpart',
            constraint=models.UniqueConstraint(fields=('round', 'number'), name='round_part_once'),
        ),
        migrations.AddConstraint(
            model_name='roundpart',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'leased', 'solved', 'cancelled', 'failed'])), name='round_part_state'),
        ),
        migrations.AddConstraint(
            model_name='roundpart',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'leased'), _negated=True), ('leased_until__isnull', False), _connector='OR'), name='round_part_lease_ends'),
        ),
        migrations.AddConstraint(
            model_name='roundpart',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('waiting', 'leased')), _negated=True), models.Q(('problem__isnull', False), ('result__isnull', True)), _connector='OR'), name='round_part_open_has_a_problem'),
        ),
        migrations.AddConstraint(
            model_name='roundpart',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'solved'), _negated=True), models.Q(('problem__isnull', False), ('result__isnull', False)), models.Q(('problem__isnull', True), ('result__isnull', True)), _connector='OR'), name='round_part_solved_has_both_or_neither'),
        ),
        migrations.AddConstraint(
            model_name='roundpart',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['cancelled', 'failed']), _negated=True), models.Q(('problem__isnull', True), ('result__isnull', True)), _connector='OR'), name='round_part_ended_keeps_nobody'),
        ),
        migrations.AddConstraint(
            model_name='roundsponsor',
            constraint=models.UniqueConstraint(fields=('round', 'sponsor'), name='round_sponsor_once'),
        ),
        migrations.AddConstraint(
            model_name='roundsponsor',
            constraint=models.CheckConstraint(condition=models.Q(('given__lte', models.F('free'))), name='round_sponsor_within_seats'),
        ),
        migrations.AddConstraint(
            model_name='roundsponsor',
            constraint=models.CheckConstraint(condition=models.Q(('price__gte', 0)), name='round_sponsor_price'),
        ),
        *[migrations.RunSQL(forth, back) for forth, back in _triggers()],
    ]
