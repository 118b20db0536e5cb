"""Private words stand sealed from now on: contact details and the secrets of the second factor."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.clock
from accounts.seal_columns import seal_columns

# allauth's own table: no model of ours can promise that nothing stands open in it.
SEALED_ONLY = """
CREATE FUNCTION accounts_second_factor_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(NEW.data->>'secret', 'sealed:') NOT LIKE 'sealed:%'
        OR coalesce(NEW.data->>'seed', 'sealed:') NOT LIKE 'sealed:%'
        OR jsonb_path_exists(NEW.data, '$.migrated_codes[*] ? (!(@ starts with "sealed:"))')
    THEN
        RAISE EXCEPTION 'A secret of a second factor stands open.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_second_factor_sealed BEFORE INSERT OR UPDATE ON mfa_authenticator
    FOR EACH ROW EXECUTE FUNCTION accounts_second_factor_is_sealed();
"""
NO_TRIGGER = """
DROP TRIGGER accounts_second_factor_sealed ON mfa_authenticator;
DROP FUNCTION accounts_second_factor_is_sealed();
"""


def change_secrets(apps, change):
    from accounts import mfa

    for row in apps.get_model("mfa", "Authenticator").objects.iterator():
        row.data = mfa.changed(row.data, lambda text: change(text, row.user_id))
        row.save(update_fields=["data"])


def seal_secrets(apps, _):
    from accounts import mfa

    change_secrets(apps, mfa.sealed)


def open_secrets(apps, _):
    from accounts import mfa

    change_secrets(apps, lambda text, _: mfa.opened(text))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_no_index_on_changes"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.CreateModel(
            name="MemberKey",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("master", models.CharField(max_length=20)),
                ("wrapped", models.BinaryField()),
                ("made_at", models.DateTimeField(default=accounts.clock.now)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="keys", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("retired_at__isnull", False)),
                        fields=["retired_at"],
                        name="member_key_retired",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at__isnull", True)), fields=("member",), name="member_key_current"
                    )
                ],
            },
        ),
        *seal_columns(
            "accounts",
            "contact",
            owner="user_id",
            fields={
                "phone": models.CharField(max_length=30, blank=True),
                "email": models.EmailField(max_length=254, blank=True),
                "hint": models.CharField(max_length=200, blank=True),
            },
        ),
        migrations.RunPython(seal_secrets, open_secrets),
        migrations.RunSQL(SEALED_ONLY, NO_TRIGGER),
    ]
