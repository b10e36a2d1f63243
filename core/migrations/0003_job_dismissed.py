"""A failed job may be dismissed: by whom, and when."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="dismissed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="job",
            name="state",
            field=models.CharField(
                choices=[
                    ("wanted", "waiting"),
                    ("claimed", "being done"),
                    ("done", "done"),
                    ("failed", "failed"),
                    ("dismissed", "dismissed"),
                ],
                default="wanted",
                max_length=10,
            ),
        ),
    ]
