"""One connection after another person's; a response that is sent after its transaction."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import StreamingHttpResponse
from django.test import RequestFactory

from kundenstamm.customers.models import Customer
from kundenstamm.guard.acting import acting_as, streamed_as
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.web.guard.acting import OnBehalf
from tests.wall.conftest import AT, make_base

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _behind_the_wall(settings):
    settings.DATABASE_WALL_ROLE = APP


@pytest.fixture
def cast_for_good(transactional_db, facts):
    """The cast, committed: what the next transaction sees is the point here."""
    return make_base(facts)


def names():
    return {customer.name for customer in Customer.objects.all()}


def asked_by(person, view):
    request = RequestFactory().get("/")
    request.user = person
    return OnBehalf(lambda _request: None).process_view(request, view, (), {})


def test_the_next_request_on_a_kept_connection_is_its_own_persons(cast_for_good, facts):
    backends = set()
    for name in ("Frieda", "Anna", "Bernd", "Emil", "Doris", "Anna"):
        with acting_as(cast_for_good[name], at=AT):
            assert names() == facts.known(name)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                backends.add(cursor.fetchone()[0])
    assert len(backends) == 1


def test_after_the_transaction_nobody_is_named(cast_for_good):
    with acting_as(cast_for_good["Frieda"], at=AT):
        assert names()
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP}")
        try:
            with pytest.raises(DatabaseError, match="nobody's behalf"):
                cursor.execute("SELECT count(*) FROM customers_customer")
        finally:
            cursor.execute("RESET ROLE")


def test_an_exception_undoes_the_request_and_its_actor(cast_for_good):
    def failing(_request):
        Customer.objects.filter(name="WortA").update(city="Anderswo")
        raise LookupError

    with pytest.raises(LookupError):
        asked_by(cast_for_good["Anna"], failing)
    assert not Customer.objects.filter(city="Anderswo").exists()


def test_an_actor_cannot_begin_within_anothers_transaction(cast_for_good):
    with acting_as(cast_for_good["Anna"], at=AT), pytest.raises(RuntimeError):  # noqa: SIM117
        with acting_as(cast_for_good["Frieda"], at=AT):
            pass


def test_a_streamed_answer_shows_the_right_rows(cast_for_good, facts):
    anna = cast_for_good["Anna"]

    def streaming(request):
        rows = (customer.name + "\n" for customer in Customer.objects.visible_to(request.user))
        return StreamingHttpResponse(streamed_as(anna, rows, at=AT))

    answer = asked_by(anna, streaming)
    with acting_as(cast_for_good["Bernd"], at=AT):
        pass
    said = b"".join(answer.streaming_content).decode().split()
    assert set(said) == facts.known("Anna")


def test_the_sites_settings_open_transactions_here_and_nowhere_else():
    """A transaction opened by Django itself would name nobody."""
    assert not settings.DATABASES["default"].get("ATOMIC_REQUESTS")
    assert settings.MIDDLEWARE[-1] == "kundenstamm.web.guard.acting.OnBehalf"
