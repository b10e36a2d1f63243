from django.db import migrations

from core import append_only


def protect(apps, schema_editor):
    append_only.protect(schema_editor.connection, "projects_progressentry")


def release(apps, schema_editor):
    append_only.release(schema_editor.connection, "projects_progressentry")


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]

    operations = [migrations.RunPython(protect, release)]
