"""The topics of an approved application are laid out once."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0007_consequences"), ("studios", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="StatedTopics",
            fields=[
                (
                    "studio",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="stated_topics",
                        serialize=False,
                        to="studios.studio",
                    ),
                ),
                ("on", models.DateField()),
            ],
            options={
                "verbose_name": "topics of an application laid out",
                "verbose_name_plural": "topics of applications laid out",
            },
        ),
    ]
