"""A ledger is imported by a worker, and is being imported meanwhile."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="ledgerupload",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "not imported yet"),
                    ("running", "being imported"),
                    ("applied", "imported"),
                ],
                default="waiting",
                max_length=7,
                verbose_name="state",
            ),
        ),
    ]
