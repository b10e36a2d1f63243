# Asking for leave from an activity.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0001_initial'),
        ('studios', '0007_rule_readings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LeaveRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('approved', 'approved'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='waiting', max_length=9, verbose_name='state')),
                ('approver', models.CharField(choices=[('lead', 'the lead'), ('liaison', 'the liaison'), ('unit_contact', "the unit's union contact"), ('group_staff', "the group's union staff")], default='lead', max_length=12, verbose_name='who decides')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('opinion', models.CharField(blank=True, max_length=300, verbose_name='opinion')),
                ('made_up_on', models.DateField(blank=True, null=True, verbose_name='made up on')),
                ('made_up', models.CharField(blank=True, max_length=300, verbose_name='how it was made up')),
                ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leave', to='studios.activity', verbose_name='activity')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leave', to='members.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'leave request',
                'verbose_name_plural': 'leave requests',
                'ordering': ['asked_at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'approved'])), fields=('activity', 'person'), name='one_open_leave_per_activity_and_person', violation_error_message='You have asked for leave from this activity already.'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'withdrawn']), ('decided_at__isnull', False), _connector='OR'), name='decided_leave_says_when')],
            },
        ),
    ]
