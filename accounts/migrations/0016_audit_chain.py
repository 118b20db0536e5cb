"""The audit proves itself: entries by pseudonym, each with its proof, tied together in chains.

What was written before gets its proof now: nothing can be said about its time before that.
"""

from uuid import UUID

import accounts.models.audit
from django.conf import settings
from django.db import migrations, models

from accounts import chain

BATCH = 1000

FORTH = """
CREATE FUNCTION accounts_audit_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO accounts_auditwaiting (entry) SELECT id FROM fresh;
    RETURN NULL;
END $$;
CREATE TRIGGER accounts_audit_waits AFTER INSERT ON accounts_auditentry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION accounts_audit_waits();

CREATE FUNCTION accounts_audit_link_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT FROM accounts_auditentry WHERE id = OLD.entry) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The chain of the audit is append-only.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER accounts_audit_link_stays BEFORE UPDATE OR DELETE ON accounts_auditlink
    FOR EACH ROW EXECUTE FUNCTION accounts_audit_link_stays();

-- Retention by whoever may delete nothing themself. The triggers still ask how old an entry is.
CREATE FUNCTION accounts_audit_let_go(gone bigint[]) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM accounts_auditentry WHERE id = ANY (gone);
    DELETE FROM accounts_auditlink WHERE entry = ANY (gone);
END $$;
REVOKE EXECUTE ON FUNCTION accounts_audit_let_go(bigint[]) FROM PUBLIC;
"""
BACK = """
DROP FUNCTION accounts_audit_let_go(bigint[]);
DROP TRIGGER accounts_audit_link_stays ON accounts_auditlink;
DROP FUNCTION accounts_audit_link_stays();
DROP TRIGGER accounts_audit_waits ON accounts_auditentry;
DROP FUNCTION accounts_audit_waits();
"""
# Rows that go by their member's own id.
MEMBERS = ["user", "profile", "sponsor", "contact", "bridgevolunteer"]
COLUMNS = "at, actor, verb, target_kind, target_id, member, intergroup_id, ids"
QUIET, LOUD = (f"ALTER TABLE accounts_auditentry {verb} TRIGGER USER" for verb in ("DISABLE", "ENABLE"))


def prove_what_is_there(apps, schema_editor):
    AuditEntry = apps.get_model("accounts", "AuditEntry")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(QUIET)
        last = 0
        while rows := list(AuditEntry.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
            cursor.executemany(
                "UPDATE accounts_auditentry SET actor = %s, member = %s, target_id = %s, proof = %s WHERE id = %s",
                [proved(row) for row in rows],
            )
            last = rows[-1].pk
        cursor.execute("INSERT INTO accounts_auditwaiting (entry) SELECT id FROM accounts_auditentry")
        cursor.execute(LOUD)


def proved(row):
    secret = settings.LOOKUP_KEY
    actor, member = (one and chain.pseudonym(secret, one) for one in (row.actor, row.member))
    target = row.target_id
    if row.target_kind in MEMBERS:
        target = str(chain.pseudonym(secret, UUID(target)))
    content = chain.Content(
        row.at, actor, row.verb, row.target_kind, target, member, row.intergroup_id, row.ids
    )
    return [actor, member, target, chain.prove(secret, content), row.pk]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_former_bars")]

    operations = [
        migrations.CreateModel(
            name="AuditWaiting",
            fields=[("entry", models.BigIntegerField(primary_key=True, serialize=False))],
            options={"verbose_name_plural": "audit waiting"},
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("office", models.BigIntegerField()),
                ("place", models.BigIntegerField()),
                ("entry", models.BigIntegerField(unique=True)),
                ("value", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("office", "place"), name="audit_link_place")]
            },
        ),
        migrations.CreateModel(
            name="AuditHeads",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("chains", models.JSONField(default=dict)),
                ("proof", models.BinaryField()),
            ],
            options={
                "verbose_name_plural": "audit heads",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="audit_heads_once")],
            },
        ),
        migrations.AddField("auditentry", "proof", models.BinaryField(null=True)),
        migrations.RunPython(prove_what_is_there, migrations.RunPython.noop),
        migrations.AlterField(
            "auditentry", "proof", accounts.models.audit.ProofField(editable=False, unique=True)
        ),
        migrations.AlterField("auditentry", "actor", accounts.models.audit.PseudonymField(null=True)),
        migrations.AlterField(
            "auditentry",
            "member",
            accounts.models.audit.PseudonymField(
                help_text="The member whom the deed concerns, for their own page.", null=True
            ),
        ),
        migrations.RunSQL(FORTH, BACK),
    ]
