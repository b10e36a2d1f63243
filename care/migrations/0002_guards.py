from django.db import migrations

from care import guards
from core import append_only


def protect(apps, schema_editor):
    guards.set_up(schema_editor.connection)
    append_only.protect(schema_editor.connection, "care_carereading")


def release(apps, schema_editor):
    append_only.release(schema_editor.connection, "care_carereading")
    guards.take_away(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial")]
    operations = [migrations.RunPython(protect, release)]
