"""Who asked never to be written to from a list, by a mark that stands for the address."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0023_recruiting_cancelled")]

    operations = [
        migrations.CreateModel(
            name="UnwantedLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mark", models.CharField(max_length=64, unique=True)),
                ("since", models.DateTimeField()),
            ],
        ),
    ]
