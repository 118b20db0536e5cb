"""Fellowships are called by their names in other languages too."""

from django.db import migrations, models
from django.db.models import F, Func, Value

_UNFIT = Func(
    F("names"),
    Value('$.* ? (@.type() != "string" || @ == "")'),
    function="jsonb_path_exists",
    template="%(function)s(%(expressions)s::jsonpath)",
    output_field=models.BooleanField(),
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0019_restored_bars")]

    operations = [
        migrations.AddField(
            "fellowship",
            "names",
            models.JSONField(
                blank=True, default=dict, help_text='In other languages, by their code: {"es": "…", "fr": "…"}.'
            ),
        ),
        migrations.AddConstraint("fellowship", models.CheckConstraint(condition=~_UNFIT, name="fellowship_names")),
    ]
