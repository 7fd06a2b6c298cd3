
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0004_courseversion_kept_as_approved'),
        ('patients', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='infusionday',
            name='given_g',
            field=models.DecimalField(decimal_places=2, help_text='by the clock, once ended', max_digits=8, null=True),
        ),
        migrations.AddField(
            model_name='infusionday',
            name='given_on',
            field=models.DateField(help_text="in the ward's time; null for days from before it was kept", null=True),
        ),
        migrations.CreateModel(
            name='InfectionEpisode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('entered_in_error', models.BooleanField(default=False)),
                ('error_reason', models.TextField(blank=True)),
                ('error_marked_at', models.DateTimeField(null=True)),
                ('occurred_on', models.DateField()),
                ('severity', models.CharField(choices=[('mild', 'mild'), ('serious', 'serious')], max_length=10)),
                ('note', models.TextField(blank=True)),
                ('error_marked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['occurred_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='TreatmentResponse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('entered_in_error', models.BooleanField(default=False)),
                ('error_reason', models.TextField(blank=True)),
                ('error_marked_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(choices=[('none', 'none'), ('suboptimal', 'suboptimal'), ('good', 'good'), ('relapse', 'relapse')], max_length=12)),
                ('assessed_on', models.DateField()),
                ('note', models.TextField(blank=True)),
                ('course', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='courses.course')),
                ('error_marked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['assessed_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='TroughLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_at', models.DateTimeField()),
                ('entered_in_error', models.BooleanField(default=False)),
                ('error_reason', models.TextField(blank=True)),
                ('error_marked_at', models.DateTimeField(null=True)),
                ('measured_on', models.DateField()),
                ('igg_g_per_l', models.DecimalField(decimal_places=4, max_digits=6)),
                ('entered_value', models.DecimalField(decimal_places=2, max_digits=6)),
                ('entered_unit', models.CharField(choices=[('g/L', 'g/L'), ('mg/dL', 'mg/dL')], max_length=5)),
                ('note', models.TextField(blank=True)),
                ('error_marked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['measured_on', 'pk'],
            },
        ),
    ]
