from django.db import migrations

from cmis.engine.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("invoicing", "0001_initial")]
    operations = [
        append_only("invoicing_invoicedocument"),
        append_only("invoicing_storagedictionary"),
    ]
