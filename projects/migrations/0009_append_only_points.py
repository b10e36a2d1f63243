from django.db import migrations

from core import append_only

TABLE = "projects_pointentry"


def protect(apps, schema_editor):
    append_only.protect(schema_editor.connection, TABLE)


def release(apps, schema_editor):
    append_only.release(schema_editor.connection, TABLE)


class Migration(migrations.Migration):
    dependencies = [("projects", "0008_stated_topics")]

    operations = [migrations.RunPython(protect, release)]
