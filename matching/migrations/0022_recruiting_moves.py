"""The database refuses moves of a search for sponsors that the code would not make."""

from django.db import migrations

MOVES = {"matching_recruiting": ["working>done", "working>failed", "done>working", "failed>working"]}

GUARD = (
    "CREATE TRIGGER matching_recruiting_legal_move BEFORE UPDATE OF state ON matching_recruiting "
    "FOR EACH ROW EXECUTE FUNCTION matching_legal_move({});"
).format(", ".join(f"'{move}'" for move in MOVES["matching_recruiting"]))
NO_GUARD = "DROP TRIGGER matching_recruiting_legal_move ON matching_recruiting;"


class Migration(migrations.Migration):
    dependencies = [("matching", "0021_handovers")]

    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
