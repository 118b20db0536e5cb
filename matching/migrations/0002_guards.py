"""What the database itself refuses: a pairing without everybody's yes, and a move outside the tables of states."""

from django.db import migrations

MOVES = {
    "matching_sponsorrequest": ["open>offered", "open>matched", "open>withdrawn", "open>closed"]
    + ["offered>open", "offered>matched", "offered>withdrawn", "offered>closed"],
    "matching_offer": ["proposed>sent", "proposed>refused", "proposed>expired", "proposed>withdrawn"]
    + ["sent>in_review", "sent>paired", "sent>declined", "sent>expired", "sent>withdrawn"]
    + ["in_review>paired", "in_review>rejected", "in_review>withdrawn"],
    "matching_pairing": ["active>confirmed", "active>ended", "confirmed>ended"],
    "matching_checkin": ["upcoming>open", "upcoming>lapsed", "open>answered", "open>lapsed", "lapsed>answered"],
}

LEGAL_MOVE = """
CREATE FUNCTION matching_legal_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND NOT (OLD.state || '>' || NEW.state) = ANY (TG_ARGV) THEN
        RAISE EXCEPTION '% may not move from % to %.', TG_TABLE_NAME, OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

CONSENTS = """
CREATE FUNCTION matching_pairing_has_consents() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
BEGIN
    SELECT o.sponsor_id, o.review_required, r.member_id, r.fellowship_id, r.intergroup_id,
           array(SELECT c.role::text FROM matching_offerconsent c WHERE c.offer_id = o.id) AS roles,
           (SELECT c.actor FROM matching_offerconsent c WHERE c.offer_id = o.id AND c.role = 'sponsor') AS sponsor_said,
           (SELECT c.actor FROM matching_offerconsent c WHERE c.offer_id = o.id AND c.role = 'newcomer') AS newcomer_said
      INTO held
      FROM matching_offer o JOIN matching_sponsorrequest r ON r.id = o.request_id
     WHERE o.id = NEW.offer_id;
    IF NOT held.roles @> ARRAY['newcomer', 'sponsor']
       OR held.sponsor_said <> held.sponsor_id OR held.newcomer_said <> held.member_id
       OR (held.review_required AND NOT held.roles @> ARRAY['coordinator']) THEN
        RAISE EXCEPTION 'A pairing needs everybody''s yes.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.sponsor_id, NEW.sponsee_id, NEW.fellowship_id, NEW.intergroup_id)
       IS DISTINCT FROM (held.sponsor_id, held.member_id, held.fellowship_id, held.intergroup_id) THEN
        RAISE EXCEPTION 'A pairing is between the two people of its offer.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER matching_pairing_consents BEFORE INSERT OR UPDATE OF offer_id, sponsor_id, sponsee_id
    ON matching_pairing FOR EACH ROW EXECUTE FUNCTION matching_pairing_has_consents();
"""


def _triggers():
    for table, moves in MOVES.items():
        arguments = ", ".join(f"'{move}'" for move in moves)
        yield (
            f"CREATE TRIGGER {table}_legal_move BEFORE UPDATE OF state ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION matching_legal_move({arguments});",
            f"DROP TRIGGER {table}_legal_move ON {table};",
        )


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial"), ("accounts", "0002_guards")]

    operations = [
        migrations.RunSQL(LEGAL_MOVE, "DROP FUNCTION matching_legal_move();"),
        *[migrations.RunSQL(forth, back) for forth, back in _triggers()],
        migrations.RunSQL(
            CONSENTS,
            "DROP TRIGGER matching_pairing_consents ON matching_pairing; "
            "DROP FUNCTION matching_pairing_has_consents();",
        ),
    ]
