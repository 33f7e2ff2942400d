"""Who speaks with customers, and who of them still works here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, Max, OuterRef, Q

from kundenstamm.care.models import Interaction
from kundenstamm.customers.models import Assignment, Representative
from kundenstamm.guard.models import User
from kundenstamm.guard.rights import RIGHTS, Right
from kundenstamm.relations.models import Colleague, Correction, PersonDay


@dataclass(frozen=True)
class Staff:
    """``here``: who works here, by id; ``left``: on which day the others did, as far as is known;
    ``changed``: whether that differs from what was stored."""

    here: frozenset[int]
    left: dict[int, date] = field(default_factory=dict)
    changed: bool = False

    def on(self, day: date) -> set[int]:
        """Who worked here on an earlier day, as far as is known."""
        return set(self.here) | {pk for pk, last in self.left.items() if last >= day}


def staff(day: date) -> Staff:
    """Everybody who serves, records, or has recorded; rows are made, named and told apart."""
    serves, known = _serving_until(day), _Known()
    for code in Representative.objects.select_related("user").order_by("pk"):
        known.of_representative(code, here=_is_here(code, serves))
    for person in _recorders():
        known.put(known.of_user(person.pk), person.name, here=person.is_active, user=person)
    found = list(Colleague.objects.all())
    left = {each.pk: last for each in found if not each.here and (last := _last(each, serves))}
    return Staff(frozenset(each.pk for each in found if each.here), left, known.changed)


def _serving_until(day: date) -> dict[int, date | None]:
    """By code, the last day of serving; None: it lasts."""
    ends = dict(
        Assignment.objects.values_list("representative").annotate(last=Max("ends")).order_by()
    )
    open_to = Assignment.objects.filter(Q(ends=None) | Q(ends__gte=day))
    lasting = set(open_to.order_by().values_list("representative", flat=True).distinct())
    return {code: None if code in lasting else last for code, last in ends.items()}


def _is_here(code: Representative, serves: dict[int, date | None]) -> bool:
    """An account says it; without one, who serves somebody."""
    if code.user is not None:
        return code.user.is_active
    return code.pk in serves and serves[code.pk] is None


class _Known:
    """The colleagues there are; what is put is stored only where it differs."""

    def __init__(self) -> None:
        self.rows = list(Colleague.objects.all())
        self.changed = False

    def of_user(self, user: int | None) -> Colleague | None:
        found = (each for each in self.rows if user is not None and each.user_id == user)
        return next(found, None)

    def of_code(self, code: int) -> Colleague | None:
        return next((each for each in self.rows if each.representative_id == code), None)

    def of_representative(self, code: Representative, *, here: bool) -> None:
        """One who got an account meanwhile stays who they were."""
        by_code, by_user = self.of_code(code.pk), self.of_user(code.user_id)
        if by_code is not None and by_code.user_id not in (None, code.user_id):
            # The account was taken off the code: from now on they are two.
            by_code.representative = None
            by_code.save(update_fields=["representative"])
            self.changed, by_code = True, None
        if by_code is not None and by_user is not None and by_code is not by_user:
            _become_one(by_user, by_code)
            self.rows.remove(by_code)
        name = (code.user or code).name
        self.put(by_user or by_code, name, here=here, user=code.user, code=code)

    def put(
        self,
        row: Colleague | None,
        name: str,
        *,
        here: bool,
        user: User | None,
        code: Representative | None = None,
    ) -> None:
        """Of one with a code who is put by the account, the code stays."""
        if row is None:
            row = Colleague(representative=code)
            self.rows.append(row)
        before = (row.pk, row.name, row.here, row.user_id, row.representative_id)
        row.name, row.here, row.user = name, here, user
        if code is not None:
            row.representative = code
        if before != (row.pk, row.name, row.here, row.user_id, row.representative_id) or not row.pk:
            row.save()
            self.changed = True


def _become_one(kept: Colleague, dropped: Colleague) -> None:
    Correction.objects.filter(colleague=dropped).update(colleague=kept)
    theirs = PersonDay.objects.filter(colleague=kept).values("day")
    PersonDay.objects.filter(colleague=dropped).exclude(day__in=theirs).update(colleague=kept)
    dropped.delete()


def _recorders() -> list[User]:
    recording = [role for role, rights in RIGHTS.items() if Right.RECORD in rights]
    spoke = Exists(Interaction.objects.filter(author=OuterRef("pk")))
    who = Q(role__in=recording, is_active=True) | Q(colleague__isnull=False) | spoke
    return list(User.objects.filter(who).order_by("pk"))


def _last(colleague: Colleague, serves: dict[int, date | None]) -> date | None:
    """The last day of serving; of who served nobody, the last conversation."""
    if colleague.representative_id is not None and serves.get(colleague.representative_id):
        return serves[colleague.representative_id]
    spoke = Interaction.objects.filter(author=colleague.user_id, withdrawn_at=None)
    last: date | None = spoke.aggregate(last=Max("day"))["last"] if colleague.user_id else None
    return last
