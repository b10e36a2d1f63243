# Everything that the page of an activity shows beside its attendance.

import core.uploads
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('studios', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ActivityFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to=core.uploads.random_name, verbose_name='file')),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('size', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='activity',
            name='agenda',
            field=models.TextField(blank=True, verbose_name='agenda'),
        ),
        migrations.AddField(
            model_name='activity',
            name='cancel_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='why it was called off'),
        ),
        migrations.AddField(
            model_name='activity',
            name='decisions',
            field=models.TextField(blank=True, verbose_name='decisions'),
        ),
        migrations.AddField(
            model_name='activity',
            name='ends_at',
            field=models.TimeField(blank=True, null=True, verbose_name='ends at'),
        ),
        migrations.AddField(
            model_name='activity',
            name='hours',
            field=models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name='hours of study'),
        ),
        migrations.AddField(
            model_name='activity',
            name='minutes',
            field=models.TextField(blank=True, verbose_name='minutes'),
        ),
        migrations.AddField(
            model_name='activity',
            name='starts_at',
            field=models.TimeField(blank=True, null=True, verbose_name='begins at'),
        ),
        migrations.AddField(
            model_name='activity',
            name='state',
            field=models.CharField(choices=[('planned', 'planned'), ('held', 'held'), ('cancelled', 'called off')], default='held', max_length=9, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='historicalactivity',
            name='agenda',
            field=models.TextField(blank=True, verbose_name='agenda'),
        ),
        migrations.AddField(
            model_name='historicalactivity',
            name='cancel_reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='why it was called off'),
        ),
        migrations.AddField(
            model_name='historicalactivity',
            name='decisions',
            field=models.TextField(blank=True, verbose_name='decisions'),
        ),
        migrations.AddField(
            model_name='historicalactivity',
            name='ends_at',
            field=models.TimeField(blank=True, null=True, verbose_name='ends at'),
        ),
        migrations.AddField(
            model_name='historicalactivity',
            name='hours',
            field=models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True, verbose_name='hours of study'),
        ),
        migrations.AddField(
            model_name='historicalactivity',
            name='minutes',
            field=models.TextField(blank=True, verbose_name='minutes'),
        ),
        migrations.AddField(
            model_name='historicalactivity',
            name='starts_at',
            field=models.TimeField(blank=True, null=True, verbose_name='begins at'),
        ),
        migrations.AddField(
            model_name='historicalactivity',
            name='state',
            field=models.CharField(choices=[('planned', 'planned'), ('held', 'held'), ('cancelled', 'called off')], default='held', max_length=9, verbose_name='state'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('hours', None), ('hours__gte', 0), _connector='OR'), name='hours_of_study_are_not_negative', violation_error_message='Hours cannot be less than nothing.'),
        ),
        migrations.AddConstraint(
            model_name='activity',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at', None), ('starts_at', None), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='activity_ends_after_it_begins', violation_error_message='It ends before it begins.'),
        ),
        migrations.AddField(
            model_name='activityfile',
            name='activity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='studios.activity'),
        ),
        migrations.AddField(
            model_name='activityfile',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
    ]
