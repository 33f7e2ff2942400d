"""What the worker does by itself: causes every night, bonuses every month."""

from __future__ import annotations

from datetime import UTC, date, datetime

from kundenstamm.ledger.models import Batch, Entry
from kundenstamm.terms.booking import ask_to_recognise
from kundenstamm.terms.jobs import accrue_monthly, recognise_nightly
from kundenstamm.terms.tests.conftest import AT


def _at(day):
    return int(datetime(2026, 7, day, 1, 50, tzinfo=UTC).timestamp())


def test_causes_are_found_at_night(promise, book, frieda):
    made = promise("rebate", "0.05")
    book(date(2026, 3, 1), ("sale", "1000"), ("rebate", "-50"))
    recognise_nightly(_at(1))
    assert made.links.count() == 1


def test_on_the_second_the_month_before_is_accrued(promise, book, frieda):
    promise("bonus", "0.10")
    book(date(2026, 6, 30), ("sale", "100"))
    book(date(2026, 7, 1), ("sale", "900"))
    accrue_monthly(_at(2))
    posted = Entry.objects.get(source__name="Bonus, accrued")
    assert (posted.document, posted.date, posted.amount) == ("2026-06", date(2026, 6, 30), -10)
    assert posted.batch.kind == Batch.Kind.ACCRUAL


def test_asked_twice_one_job_waits(frieda):
    from procrastinate.contrib.django.models import ProcrastinateJob

    for _n in range(2):
        ask_to_recognise(actor=frieda, at=AT)
    assert ProcrastinateJob.objects.count() == 1
