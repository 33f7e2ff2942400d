"""Merges that the site asked for: what stands in the way is told beside them."""

from __future__ import annotations

from datetime import datetime

from kundenstamm.customers import merge_actions, moving
from kundenstamm.customers.models import Merge
from kundenstamm.guard.models import User
from kundenstamm.guard.people_actions import Refused
from kundenstamm.guard.rights import Forbidden

State = Merge.State


def run(asked: Merge, *, at: datetime) -> None:
    """Merge; or say why not."""
    try:
        merge_actions.perform(asked, at=at)
    except (Refused, Forbidden) as refused:
        _tell(asked, State.FAILED, str(refused))
        return
    except Exception:
        _tell(asked, State.FAILED, "")
        raise
    moving.work_out_anew(asked.asked_by, at)


def run_back(asked: Merge, *, actor: User, at: datetime) -> None:
    """Undo; or say why not, and the merge stands."""
    try:
        merge_actions.put_back(asked, actor=actor, at=at)
    except (Refused, Forbidden) as refused:
        _tell(asked, State.DONE, str(refused))
        return
    except Exception:
        _tell(asked, State.DONE, "")
        raise
    moving.work_out_anew(actor, at)


def _tell(asked: Merge, state: Merge.State, why: str) -> None:
    Merge.objects.filter(pk=asked.pk).update(state=state, why=why[:300])
