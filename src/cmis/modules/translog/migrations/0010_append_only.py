from django.db import migrations

from cmis.engine.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("translog", "0001_initial")]
    operations = [append_only("translog_auditentry")]
