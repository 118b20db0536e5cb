"""First contacts for people who leave treatment; the database refuses illegal moves here too."""

import accounts.clock
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


MOVES = {
    "matching_bridge": ["open>offered", "open>closed", "open>withdrawn"]
    + ["offered>meeting", "offered>open", "offered>closed", "offered>withdrawn"]
    + ["meeting>open", "meeting>closed"],
}

GUARD = (
    "CREATE TRIGGER matching_bridge_legal_move BEFORE UPDATE OF state ON matching_bridge "
    "FOR EACH ROW EXECUTE FUNCTION matching_legal_move({});"
).format(", ".join(f"'{move}'" for move in MOVES["matching_bridge"]))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_no_index_on_changes'),
        ('matching', '0014_round_points'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BridgeVolunteer',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='bridging', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('offered_at', models.DateTimeField(default=accounts.clock.now)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('paused', models.BooleanField(default=False)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Bridge',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('open', 'Waits for a volunteer'), ('offered', 'A volunteer said yes'), ('meeting', 'In touch'), ('closed', 'Closed'), ('withdrawn', 'Withdrawn')], default='open', max_length=10)),
                ('leaves_on', models.DateField(verbose_name='day of leaving')),
                ('contact_by', models.DateTimeField()),
                ('asked_at', models.DateTimeField()),
                ('offered_at', models.DateTimeField(blank=True, null=True)),
                ('agreed_at', models.DateTimeField(blank=True, null=True)),
                ('first_contact_at', models.DateTimeField(blank=True, null=True)),
                ('meetings', models.PositiveSmallIntegerField(default=0)),
                ('met_on', models.DateField(blank=True, null=True)),
                ('needs_coordinator', models.BooleanField(default=False)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('fellowship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bridges', to='accounts.fellowship')),
                ('intergroup', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bridges', to='accounts.intergroup')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bridges', to=settings.AUTH_USER_MODEL)),
                ('volunteer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='bridges_held', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['contact_by', 'id'],
                'indexes': [models.Index(fields=['intergroup', 'leaves_on'], name='bridge_by_day'), models.Index(condition=models.Q(('first_contact_at__isnull', True), ('needs_coordinator', False), ('state__in', ('open', 'offered', 'meeting'))), fields=['contact_by'], name='bridge_to_watch')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('open', 'offered', 'meeting'))), fields=('member', 'fellowship'), name='bridge_one_live'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'offered', 'meeting', 'closed', 'withdrawn'])), name='bridge_state'), models.CheckConstraint(condition=models.Q(('meetings__lte', 6)), name='bridge_six_meetings'), models.CheckConstraint(condition=models.Q(models.Q(('meetings', 0), ('met_on__isnull', True)), models.Q(('first_contact_at__isnull', False), ('meetings__gte', 1), ('met_on__isnull', False)), _connector='OR'), name='bridge_met_has_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'open'), _negated=True), models.Q(('agreed_at__isnull', True), ('volunteer__isnull', True)), _connector='OR'), name='bridge_open_has_nobody'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['offered', 'meeting']), _negated=True), ('volunteer__isnull', False), _connector='OR'), name='bridge_held_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'meeting'), _negated=True), models.Q(('agreed_at__isnull', False), ('offered_at__isnull', False)), _connector='OR'), name='bridge_both_said_yes'), models.CheckConstraint(condition=models.Q(('volunteer__isnull', True), models.Q(('volunteer', models.F('member')), _negated=True), _connector='OR'), name='bridge_of_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ('open', 'offered', 'meeting'))), models.Q(models.Q(('state__in', ('open', 'offered', 'meeting')), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='bridge_ended_when_not_live')],
            },
        ),
        migrations.RunSQL(GUARD, "DROP TRIGGER matching_bridge_legal_move ON matching_bridge;"),
    ]
