import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0001_initial"),
        ("projects", "0006_problems"),
        ("studios", "0007_rule_readings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Consequence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("clause", models.CharField(max_length=12)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unmet", "not finished"),
                            ("late", "finished late"),
                            ("reached", "goal reached"),
                        ],
                        max_length=7,
                    ),
                ),
                ("count", models.PositiveIntegerField(default=1)),
                ("points", models.DecimalField(decimal_places=2, max_digits=8, verbose_name="points")),
                (
                    "money",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=9, verbose_name="money (yuan)"
                    ),
                ),
                ("honour", models.CharField(blank=True, max_length=100, verbose_name="honour")),
                (
                    "recommendation",
                    models.CharField(blank=True, max_length=100, verbose_name="recommendation"),
                ),
                ("proposed_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "proposed"), ("confirmed", "confirmed"), ("waived", "waived")],
                        default="proposed",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "decided_by",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consequences",
                        to="projects.planitem",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "studio",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consequences",
                        to="studios.studio",
                        verbose_name="studio",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consequences",
                        to="projects.topic",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="studios.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "consequence",
                "verbose_name_plural": "consequences",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="PointEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("points", models.DecimalField(decimal_places=2, max_digits=8, verbose_name="points")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consequence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entry",
                        to="projects.consequence",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="members.person",
                    ),
                ),
                (
                    "studio",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="points",
                        to="studios.studio",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of points",
                "verbose_name_plural": "ledger of points",
                "ordering": ["-id"],
            },
        ),
        migrations.AddIndex(
            model_name="consequence",
            index=models.Index(fields=["studio", "state"], name="consequence_of_studio_by_state"),
        ),
        migrations.AddConstraint(
            model_name="consequence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("item__isnull", False)),
                fields=("item", "kind"),
                name="item_is_judged_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="consequence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("topic__isnull", False)),
                fields=("topic", "kind"),
                name="topic_is_judged_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="consequence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("item__isnull", False), ("topic", None)),
                    models.Q(("item", None), ("topic__isnull", False)),
                    _connector="OR",
                ),
                name="consequence_has_one_record_behind_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="consequence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "proposed"), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="consequence_decided_says_why",
            ),
        ),
    ]
