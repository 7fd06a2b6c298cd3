"""The columns of names, birth dates and record numbers go."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("patients", "0003_seal_identities")]

    operations = [
        migrations.RemoveField("patient", "name"),
        migrations.RemoveField("patient", "birth_date"),
        migrations.RemoveField("patient", "medical_record_number"),
    ]
