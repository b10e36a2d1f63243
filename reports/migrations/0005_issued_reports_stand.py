from django.db import migrations

from core import append_only

TABLE = "reports_report"


def protect(apps, schema_editor):
    append_only.protect(schema_editor.connection, TABLE)


def release(apps, schema_editor):
    append_only.release(schema_editor.connection, TABLE)


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_reports")]

    operations = [migrations.RunPython(protect, release)]
