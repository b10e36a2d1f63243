# What was deleted, kept whole for a while.

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('studios', '0005_attendance'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Deleted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=60)),
                ('title', models.CharField(max_length=300)),
                ('rows', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('unlinked', models.JSONField(default=list)),
                ('at', models.DateTimeField(db_index=True, verbose_name='deleted on')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('studio', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bin', to='studios.studio')),
            ],
            options={
                'verbose_name': 'deleted record',
                'verbose_name_plural': 'deleted records',
                'ordering': ['-at', '-id'],
            },
        ),
    ]
