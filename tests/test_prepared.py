"""A query whose SQL is written once answers as the ORM does, for whatever it is asked about."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from municipalities.models import (
    Membership,
    Municipality,
    Organisation,
    PopulationFigure,
    Region,
    User,
)
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


def test_objects_have_their_relations_annotations_and_what_is_left_out(
    ringerike: Any, django_assert_num_queries: Any
) -> None:
    def rows(slug: str) -> QuerySet[Region]:
        return (
            Region.objects.filter(slug=slug)
            .select_related("contract_municipality__county", "operator")
            .annotate(count=Count("members"))
            .defer("source")
        )

    prepared = Prepared(rows)
    assert Region.objects.filter(operator=None).exists(), "one relation is empty"
    for plain in Region.objects.all():
        with django_assert_num_queries(1):
            found = prepared.first(plain.slug)
            assert found == plain
            assert found.contract_municipality.county.name
            assert found.operator_id is None or found.operator.name
        assert found.count == plain.members.count()
        assert found.get_deferred_fields() == {"source"}
        assert found.source == plain.source
        found.save()  # it is a row as any other
    assert prepared.first("finnes-ikke") is None


def test_each_number_of_values_has_sql_of_its_own(ringerike: Any) -> None:
    def rows(municipalities: tuple[int, ...], day: dt.date) -> QuerySet[Any, Any]:
        figures = PopulationFigure.objects.filter(
            municipality=OuterRef("pk"), reference_date__lte=day
        )
        found = Municipality.objects.filter(Exists(figures), pk__in=municipalities)
        return found.order_by("pk").values_list("name", flat=True)

    prepared = Prepared(rows)
    numbers = tuple(Municipality.objects.order_by("pk").values_list("pk", flat=True))
    day, before = dt.date(2100, 1, 1), dt.date(1900, 1, 1)
    for asked in (numbers, numbers[:1], numbers[1:2], numbers[:3], (), numbers):
        assert prepared.all(asked, day) == list(rows(asked, day))
        assert prepared.all(asked, before) == []
    assert prepared.all(numbers, day)


def test_nothing_is_asked_for_where_nothing_can_be_found(
    ringerike: Any, django_assert_num_queries: Any
) -> None:
    prepared = Prepared(lambda numbers: Region.objects.filter(pk__in=numbers))
    with django_assert_num_queries(0):
        assert prepared.all(()) == []
    # Beside something else an empty tuple is one condition less.
    either = Prepared(lambda pk, numbers: Region.objects.filter(Q(pk=pk) | Q(pk__in=numbers)))
    region = Region.objects.first()
    assert either.all(region.pk, ()) == [region]


def test_texts_and_times_are_put_in_as_they_are_given(ringerike: Any) -> None:
    person = User.objects.create_user("noen@ringerike.example", name="Noen")
    body = Organisation.objects.filter(kind=Organisation.Kind.MUNICIPALITY).first()
    Membership.objects.create(user=person, organisation=body, role=Membership.Role.EDITOR)

    def rows(texts: tuple[str, ...], since: dt.datetime) -> QuerySet[Any, Any]:
        return Membership.objects.filter(role__in=texts, user__date_joined__gte=since).order_by(
            "pk"
        )

    prepared = Prepared(rows)
    long_ago = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    ever = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    roles = tuple(Membership.Role)
    assert prepared.all(roles, long_ago)
    for asked in (roles, roles[:1], ("'; DROP TABLE municipalities_region; --",)):
        assert prepared.all(asked, long_ago) == list(rows(asked, long_ago))
        assert prepared.all(asked, ever) == []


def test_what_cannot_be_prepared_is_refused_and_not_answered_wrongly(ringerike: Any) -> None:
    region = Region.objects.first()
    with pytest.raises(AssertionError, match="None"):
        Prepared(lambda pk: Region.objects.filter(operator=pk)).all(None)
    with pytest.raises(AssertionError, match="as it was given"):
        Prepared(lambda text: Region.objects.filter(name__icontains=text)).all("Ringerike")
    with pytest.raises(AssertionError, match="prefetching"):
        Prepared(lambda pk: Region.objects.filter(pk=pk).prefetch_related("members")).all(region.pk)
    with pytest.raises(AssertionError, match="values_list"):
        Prepared(lambda pk: Region.objects.filter(pk=pk).values("name")).all(region.pk)
    known = Prepared(lambda pk: Region.objects.filter(operator=pk))
    known.all(1)
    with pytest.raises(AssertionError, match="None"):
        known.all(None)
    # Django finds out by itself that a column cannot hold a number, and asks nothing.
    never = Prepared(lambda pk: Region.objects.filter(pk=pk, pk__in=[]))
    with pytest.raises(EmptyResultSet):
        never.all(region.pk)


def test_the_rows_of_one_parent_know_it(ringerike: Any, django_assert_num_queries: Any) -> None:
    prepared = Prepared(lambda county: Municipality.objects.filter(county=county).order_by("pk"))
    county = Municipality.objects.select_related("county").first().county
    with django_assert_num_queries(1):
        found = prepared.under(county=county)
        assert all(row.county is county for row in found)
    assert found == list(Municipality.objects.filter(county=county).order_by("pk"))
    with pytest.raises(AssertionError, match="not stored"):
        prepared.under(county=type(county)())


@pytest.mark.django_db(transaction=True)
def test_threads_share_the_sql_and_not_the_connection(ringerike: Any) -> None:
    prepared = Prepared(
        lambda pk: Region.objects.filter(pk=pk).select_related("contract_municipality")
    )
    numbers = list(Region.objects.values_list("pk", flat=True)) * 5

    def ask(pk: int) -> tuple[int, int]:
        try:
            (found,) = prepared.all(pk)
            return pk, found.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert all(asked == found for asked, found in pool.map(ask, numbers))
