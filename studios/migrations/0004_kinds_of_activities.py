# The union's own word stays as a text; beside it stands the kind that it means.

from django.db import migrations, models

KINDS = [('meeting', 'meeting'), ('study', 'study'), ('training', 'training'), ('exhibition', 'exhibition of results'), ('essay', 'essay contest'), ('lecture', 'lecture'), ('product', 'product exchange'), ('layout', 'layout seminar'), ('commendation', 'commendation'), ('care', 'care'), ('visit', 'exchange visit'), ('other', 'other')]
WORDS = {
    'meeting': ['例会', '会议', '座谈', '推进会', '启动会', '通报会'],
    'study': ['学习', '集中学习', '自学'],
    'training': ['培训', '研修', '实训'],
    'exhibition': ['创新成果展', '成果展', '展览', '展示'],
    'essay': ['征文'],
    'lecture': ['讲座', '讲堂', '授课'],
    'product': ['新产品研发交流', '产品交流', '研发交流'],
    'layout': ['工艺布局优化研讨', '布局研讨', '布局优化'],
    'commendation': ['表彰', '表彰奖励', '表彰会'],
    'care': ['关爱', '慰问'],
    'visit': ['交流', '参观', '观摩', '对标', '走访'],
}


def read_words(apps, schema_editor):
    for name in ('Activity', 'HistoricalActivity'):
        activities = apps.get_model('studios', name).objects
        known = [word for words in WORDS.values() for word in words]
        activities.exclude(kind_word__in=known).update(kind='other')
        for kind, words in WORDS.items():
            activities.filter(kind_word__in=words).update(kind=kind)


class Migration(migrations.Migration):

    dependencies = [
        ('studios', '0003_rule_settings'),
    ]

    operations = [
        migrations.RenameField('activity', 'kind', 'kind_word'),
        migrations.RenameField('historicalactivity', 'kind', 'kind_word'),
        migrations.AlterField('activity', 'kind_word', models.CharField(blank=True, max_length=30, verbose_name="kind in the union's own word")),
        migrations.AlterField('historicalactivity', 'kind_word', models.CharField(blank=True, max_length=30, verbose_name="kind in the union's own word")),
        migrations.AddField('activity', 'kind', models.CharField(choices=KINDS, default='meeting', max_length=12, verbose_name='kind')),
        migrations.AddField('historicalactivity', 'kind', models.CharField(choices=KINDS, default='meeting', max_length=12, verbose_name='kind')),
        migrations.RunPython(read_words, migrations.RunPython.noop),
    ]
