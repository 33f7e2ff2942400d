"""The drawing of a chain's flow: a box for each, ribbons within them."""

from __future__ import annotations

from decimal import Decimal

from kundenstamm.chain.flowing import flow
from kundenstamm.chain.tests.conftest import world
from kundenstamm.lifecycle.queries.runs import latest_run
from kundenstamm.lifecycle.tests.books import AS_OF
from kundenstamm.web.chain.flow import BOX, drawn

__all__ = ["world"]


def steps(world, name):
    return flow(world.frieda, latest_run(), world.of[name], AS_OF)


def test_a_drawing_has_a_box_each_and_ribbons_within_them(world):
    made = drawn(world.of["Gross"], Decimal(1), steps(world, "Gross"))
    names = [each.customer.name for each in made.boxes]
    assert sorted(names) == sorted(["Gross", "Ahrens", "Benn", "Café", "Dom", "Eck"])
    assert len(made.ribbons) == 6
    for box in made.boxes:
        assert 0 <= box.y <= box.y + box.height <= made.height
        # Hairlines are drawn a pixel wide.
        assert max(box.came, box.went) <= box.height + 2
        assert box.x + BOX <= made.width
    assert drawn(world.of["Eck"], Decimal(0), steps(world, "Eck")) is None
