"""A trigram index for the search box, where the database has it and lets us."""

from django.db import DatabaseError, migrations, transaction


def add_index(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return  # SQLite reads through: a unit's customers are few
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return  # not installed or not allowed: the search reads through as well
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE INDEX customer_search_trigrams ON customers_customersearch"
            " USING gin (words gin_trgm_ops, codes gin_trgm_ops)"
        )


def remove_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("DROP INDEX IF EXISTS customer_search_trigrams")


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [migrations.RunPython(add_index, remove_index)]
