from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("studios", "0002_activity_page")]

    operations = [
        migrations.AddField(
            model_name="ruleversion",
            name="settings",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
