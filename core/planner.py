"""What PostgreSQL is told about its tables after much has come in at once."""

from collections.abc import Iterable

from django.db import connection, models


def tell_the_planner(of: Iterable[type[models.Model]] = ()) -> None:
    """PostgreSQL counts the tables of these models anew, or all; until then its plans are poor.

    It may be called inside the transaction that brought the rows in. Other databases need nothing.
    """
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in of)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")
