"""Names are found although they are misspelt: trigrams with an index over name and initial, and distances of words."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.contrib.postgres.operations import CreateExtension, TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_opened_seats")]

    operations = [
        TrigramExtension(),
        CreateExtension("fuzzystrmatch"),
        migrations.AddIndex(
            model_name="profile",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Lower(
                        django.db.models.functions.text.Concat("first_name", models.Value(" "), "initial")
                    ),
                    name="gin_trgm_ops",
                ),
                name="profile_name_search",
            ),
        ),
    ]
