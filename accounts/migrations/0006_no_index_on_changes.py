"""No index by the moment of the last change: no query asks for it, and every change of a row had to keep it up."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_living_roster'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='profile',
            name='profile_changed',
        ),
        migrations.RemoveIndex(
            model_name='sponsor',
            name='sponsor_changed',
        ),
    ]
