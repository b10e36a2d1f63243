"""A plan is handed in, confirmed, closed; what it was then is kept as a sealed copy."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0003_plan_expected"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="closes_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="plan",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "being written"),
                    ("submitted", "submitted"),
                    ("confirmed", "confirmed"),
                    ("closed", "closed"),
                    ("reopened", "reopened"),
                ],
                db_default="draft",
                default="draft",
                editable=False,
                max_length=9,
                verbose_name="state",
            ),
        ),
        migrations.CreateModel(
            name="PlanStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("submitted", "submitted"),
                            ("returned", "returned"),
                            ("confirmed", "confirmed"),
                            ("extended", "closing day moved"),
                            ("closed", "closed"),
                            ("agreed", "automatic closing confirmed"),
                            ("reopened", "reopened"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", models.CharField(blank=True, max_length=1000)),
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="projects.plan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={"ordering": ["-at", "-pk"]},
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=500)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remarks",
                        to="projects.planitem",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remarks",
                        to="projects.planstep",
                    ),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.CreateModel(
            name="Frozen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("baseline", "baseline"), ("closing", "closing")], max_length=8
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("data", models.JSONField()),
                ("seal", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("late", models.BooleanField(default=False)),
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="frozen",
                        to="projects.plan",
                        verbose_name="plan",
                    ),
                ),
            ],
            options={
                "verbose_name": "frozen copy",
                "verbose_name_plural": "frozen copies",
                "ordering": ["plan", "kind", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "kind", "number"), name="plan_is_frozen_once_a_version"
                    )
                ],
            },
        ),
    ]
