"""A message can be put off to a later day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="notice", name="later_on", field=models.DateField(blank=True, null=True)
        ),
    ]
