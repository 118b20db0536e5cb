"""A search for sponsors can be cancelled; the database knows the two moves more."""

from django.db import migrations, models

STATES = ["working", "done", "cancelled", "failed"]
LABELS = ["Being worked out", "Done", "Cancelled", "Could not be made"]
BEFORE = ["working>done", "working>failed", "done>working", "failed>working"]
MOVES = {"matching_recruiting": [*BEFORE, "working>cancelled", "cancelled>working"]}


def guard(moves):
    return (
        "DROP TRIGGER matching_recruiting_legal_move ON matching_recruiting;"
        "CREATE TRIGGER matching_recruiting_legal_move BEFORE UPDATE OF state ON matching_recruiting "
        "FOR EACH ROW EXECUTE FUNCTION matching_legal_move({});"
    ).format(", ".join(f"'{move}'" for move in moves))


class Migration(migrations.Migration):
    dependencies = [("matching", "0022_recruiting_moves")]

    operations = [
        migrations.RemoveConstraint(model_name="recruiting", name="recruiting_state"),
        migrations.AlterField(
            model_name="recruiting",
            name="state",
            field=models.CharField(choices=list(zip(STATES, LABELS)), default="working", max_length=10),
        ),
        migrations.AddConstraint(
            model_name="recruiting",
            constraint=models.CheckConstraint(condition=models.Q(("state__in", STATES)), name="recruiting_state"),
        ),
        migrations.RunSQL(guard(MOVES["matching_recruiting"]), guard(BEFORE)),
    ]
