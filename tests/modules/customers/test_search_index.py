"""On PostgreSQL the search box has a trigram index, where the extension may be had."""

import pytest
from django.conf import settings
from django.db import connection

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        "postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="trigrams: PostgreSQL"
    ),
]


def answer(statement: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]


def test_the_index_is_there_when_the_extension_is() -> None:
    extension = answer("SELECT extname FROM pg_extension WHERE extname = 'pg_trgm'")
    index = answer(
        "SELECT indexdef FROM pg_indexes WHERE tablename = 'customers_customersearch'"
        " AND indexname = 'customer_search_trigrams'"
    )
    assert bool(index) == bool(extension)
    assert all("gin (words gin_trgm_ops, codes gin_trgm_ops)" in one for one in index)
