"""Channels: a message has a row for each address on each of them; wishes are told apart by channel."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0008_tallies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='unwantednotice',
            name='unwanted_notice_once',
        ),
        migrations.RemoveIndex(
            model_name='outboxmessage',
            name='outbox_due',
        ),
        migrations.AddField(
            model_name='outboxmessage',
            name='address',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='outboxmessage',
            name='channel',
            field=models.CharField(db_default='mail', default='mail', max_length=20),
        ),
        migrations.AddField(
            model_name='unwantednotice',
            name='channel',
            field=models.CharField(db_default='mail', default='mail', max_length=20),
        ),
        migrations.AlterField(
            model_name='outboxmessage',
            name='key',
            field=models.CharField(max_length=120),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'leased'])), fields=['channel', 'send_after'], name='outbox_due'),
        ),
        migrations.AddConstraint(
            model_name='outboxmessage',
            constraint=models.UniqueConstraint(fields=('key', 'channel', 'address'), name='outbox_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='unwantednotice',
            constraint=models.UniqueConstraint(fields=('member', 'kind', 'channel'), name='unwanted_notice_once'),
        ),
    ]
