import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0001_initial"),
        ("projects", "0005_belated_entries"),
        ("studios", "0003_rule_settings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Problem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=300, verbose_name="what is stuck")),
                (
                    "need",
                    models.CharField(
                        choices=[
                            ("technique", "technique"),
                            ("money", "money"),
                            ("equipment", "equipment"),
                            ("people", "people"),
                            ("other_unit", "another unit's help"),
                        ],
                        max_length=10,
                        verbose_name="what is needed",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("studio", "studio"),
                            ("unit", "unit"),
                            ("group", "group"),
                            ("leader", "company leader"),
                        ],
                        default="studio",
                        max_length=6,
                        verbose_name="level",
                    ),
                ),
                ("level_since", models.DateField(editable=False)),
                ("due_on", models.DateField(verbose_name="to be solved by")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "open"),
                            ("in_hand", "in hand"),
                            ("solved", "solved"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="raised",
                        editable=False,
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("raised_on", models.DateField(verbose_name="raised on")),
                ("closed_on", models.DateField(editable=False, null=True, verbose_name="closed on")),
                (
                    "outcome",
                    models.CharField(
                        blank=True, editable=False, max_length=1000, verbose_name="how it was solved"
                    ),
                ),
                (
                    "coordinator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="problems",
                        to="members.person",
                        verbose_name="coordinator",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="problems",
                        to="projects.planitem",
                        verbose_name="plan item",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="raised by",
                    ),
                ),
                (
                    "studio",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="problems",
                        to="studios.studio",
                        verbose_name="studio",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="problems",
                        to="projects.topic",
                        verbose_name="topic",
                    ),
                ),
            ],
            options={
                "verbose_name": "problem",
                "verbose_name_plural": "problems",
                "ordering": ["due_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="ProblemStep",
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
                            ("raised", "raised it"),
                            ("taken", "took it in hand"),
                            ("passed_on", "passed it on"),
                            ("escalated", "went one level up by itself"),
                            ("commented", "commented"),
                            ("solved", "solved it"),
                            ("withdrawn", "withdrew it"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("studio", "studio"),
                            ("unit", "unit"),
                            ("group", "group"),
                            ("leader", "company leader"),
                        ],
                        max_length=6,
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=1000, verbose_name="text")),
                ("at", models.DateTimeField()),
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
                    "coordinator",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.person",
                    ),
                ),
                (
                    "problem",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="projects.problem",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(fields=["state", "due_on"], name="problem_by_state_and_due_day"),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(fields=["studio", "state"], name="problem_of_studio_by_state"),
        ),
        migrations.AddConstraint(
            model_name="problem",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gte", models.F("raised_on"))),
                name="problem_is_due_after_it_was_raised",
                violation_error_message="The due day lies before today.",
            ),
        ),
        migrations.AddConstraint(
            model_name="problem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_on", None), ("state__in", ["raised", "in_hand"])),
                    models.Q(("closed_on__isnull", False), ("state__in", ["solved", "withdrawn"])),
                    _connector="OR",
                ),
                name="problem_closed_has_its_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="problem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "solved"), _negated=True),
                    models.Q(("outcome", ""), _negated=True),
                    _connector="OR",
                ),
                name="problem_solved_says_how",
            ),
        ),
    ]
