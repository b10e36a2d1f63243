from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0002_append_only_journal"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="expected",
            field=models.DecimalField(decimal_places=9, editable=False, max_digits=10, null=True),
        ),
        migrations.AddField(
            model_name="plan",
            name="expected_by",
            field=models.CharField(blank=True, editable=False, max_length=16),
        ),
        migrations.AddField(
            model_name="plan",
            name="expected_on",
            field=models.DateField(editable=False, null=True),
        ),
    ]
