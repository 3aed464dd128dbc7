"""A query whose SQL is written once answers as the ORM does, for each row it is asked about."""

from __future__ import annotations

from typing import Any

from django.db.models import Count

from municipalities.models import Region
from municipalities.prepared import Prepared


def test_it_answers_as_the_query_does(ringerike: Any, django_assert_num_queries: Any) -> None:
    def rows(pk: int) -> Any:
        return Region.objects.filter(pk=pk).annotate(n=Count("members")).values_list("name", "n")

    prepared = Prepared(rows)
    regions = list(Region.objects.all())
    assert len(regions) > 1
    for region in regions:
        with django_assert_num_queries(1):
            found = prepared.all(region.pk)
        assert found == list(rows(region.pk))
    assert prepared.all(0) == []


def test_the_sql_is_written_once(ringerike: Any) -> None:
    asked = []

    def rows(pk: int) -> Any:
        asked.append(pk)
        return Region.objects.filter(pk=pk).values_list("name")

    prepared = Prepared(rows)
    for region in Region.objects.all():
        prepared.all(region.pk)
    assert len(asked) == 1
