"""Devices that take notifications, and calendar addresses."""

import accounts.clock
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_guards'),
        ('matching', '0009_channels'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='calendar_feed', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('digest', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(default=accounts.clock.now)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('digest',), name='calendar_feed_digest_once')],
            },
        ),
        migrations.CreateModel(
            name='PushAddress',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('fingerprint', models.CharField(max_length=64)),
                ('endpoint', models.TextField()),
                ('p256dh', models.CharField(max_length=120)),
                ('auth', models.CharField(max_length=40)),
                ('label', models.CharField(blank=True, max_length=40)),
                ('added_at', models.DateTimeField(default=accounts.clock.now)),
                ('reached_at', models.DateTimeField(blank=True, null=True)),
                ('failing_since', models.DateTimeField(blank=True, null=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='push_addresses', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['added_at'],
                'constraints': [models.UniqueConstraint(fields=('fingerprint',), name='push_address_once')],
            },
        ),
    ]
