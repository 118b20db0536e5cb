"""The list of erasures, which a restored backup is held against."""

import accounts.clock
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0016_audit_chain")]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("mark", models.BinaryField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(default=accounts.clock.now)),
            ],
        ),
    ]
