"""How late a report came, and what was told after its month was closed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0004_plan_states"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="progressentry",
            name="days_late",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="BelatedEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "points",
                    models.DecimalField(decimal_places=2, max_digits=5, verbose_name="more done (points)"),
                ),
                ("note", models.CharField(max_length=1000, verbose_name="In a sentence")),
                ("at", models.DateTimeField()),
                ("token", models.UUIDField(editable=False, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="belated",
                        to="projects.planitem",
                        verbose_name="plan item",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="belated",
                        to="projects.plan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "belated entry",
                "verbose_name_plural": "belated entries",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("points__gte", 0), ("points__lte", 100)),
                        name="belated_points_are_within_a_hundred",
                    )
                ],
            },
        ),
    ]
