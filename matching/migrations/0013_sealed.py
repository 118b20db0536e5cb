"""Private words stand sealed from now on: sponsors' first notes, and the addresses of members' devices."""

from django.db import migrations, models

from accounts.seal_columns import seal_columns


def hash_again(apps, _):
    """Addresses are recognised by a keyed hash from now on."""
    from matching.models.push_address import fingerprint

    for row in apps.get_model("matching", "PushAddress").objects.iterator():
        row.fingerprint = fingerprint(row.endpoint)
        row.save(update_fields=["fingerprint"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_sealed"),
        ("matching", "0012_silence"),
    ]

    operations = [
        *seal_columns(
            "matching", "offer", owner="sponsor_id", fields={"note": models.CharField(max_length=500, blank=True)}
        ),
        migrations.RunPython(hash_again, migrations.RunPython.noop),
        *seal_columns(
            "matching",
            "pushaddress",
            owner="member_id",
            fields={
                "endpoint": models.TextField(),
                "p256dh": models.CharField(max_length=120),
                "auth": models.CharField(max_length=40),
            },
        ),
    ]
