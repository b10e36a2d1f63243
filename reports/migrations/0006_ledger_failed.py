"""An import that no worker could do ends as failed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_issued_reports_stand")]

    operations = [
        migrations.AlterField(
            model_name="ledgerupload",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "not imported yet"),
                    ("running", "being imported"),
                    ("failed", "import failed"),
                    ("applied", "imported"),
                ],
                default="waiting",
                max_length=7,
                verbose_name="state",
            ),
        ),
    ]
