"""Bars that came back by themselves are told apart from those that somebody made here."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0018_applications_and_suspensions")]

    operations = [migrations.AddField("bar", "restored", models.BooleanField(default=False))]
