"""``kundenstamm demo``: the sample company, and the site on top of it."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from kundenstamm.cli.serve import listen, refuse_taken_port
from kundenstamm.cli.site import cli_actor, site
from kundenstamm.kit.home import home, write_private

if TYPE_CHECKING:
    from kundenstamm.guard.models import User

OWNER = ("frieda@example.com", "Frieda Falkenried")


def demo(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    data_only: Annotated[
        bool, typer.Option("--data-only", help="Make the sample company and stop.")
    ] = False,
) -> None:
    """Make the sample company (once) and serve the site."""
    if not data_only:
        refuse_taken_port(host, port)
    # The settings read these; the processes that serve the site inherit them.
    os.environ |= {"KUNDENSTAMM_DEMO": "1", "KUNDENSTAMM_SECOND_FACTOR": "off"}
    with site():
        password = _prepare()
        if data_only:
            return
        typer.echo(f"\n  Kundenstamm   http://{host}:{port}/")
        typer.echo("  Sign in       with one click, as any of the cast")
        typer.echo(f"  or as owner   {OWNER[0]}   {password}\n")
        typer.echo("  Ctrl-C ends it.")
        listen(host, port)


def _prepare() -> str:
    """Make owner and company where they are missing; return the owner's password."""
    from django.utils import timezone

    from kundenstamm.acquisition.preparing import prepare_due as prepare_growth
    from kundenstamm.cli.cast import bargain, engage
    from kundenstamm.cli.sample import load_sample
    from kundenstamm.cli.sample.chain import sell_on
    from kundenstamm.cli.sample.doubles import enter_twice
    from kundenstamm.cli.sample.leaving import fear_for_bernd
    from kundenstamm.cli.sample.playbooks import play
    from kundenstamm.cli.sample.pursuits import pursue
    from kundenstamm.cli.sample.satisfied import judge_us
    from kundenstamm.cli.sample.waiting import wait
    from kundenstamm.guard.actions import set_password
    from kundenstamm.relations.reckoning import reckon_due
    from kundenstamm.today.models import Outcomes
    from kundenstamm.today.outcomes import judge
    from kundenstamm.today.preparing import prepare_due

    at = timezone.now()
    owner = cli_actor(email=OWNER[0], name=OWNER[1])
    kept = home() / "demo-password"
    if not kept.exists():
        write_private(kept, secrets.token_hex(7))
    password = kept.read_text(encoding="utf-8")
    if not owner.check_password(password):
        set_password(owner, password, actor=owner, at=at)
    if load_sample(actor=owner, at=at):
        typer.echo("The sample company is ready.")
    engage(at=at)
    bargain(at=at)
    wait(at=at)
    play(actor=owner, at=at)
    pursue(actor=owner, at=at)
    judge_us(at=at)
    sell_on(actor=owner, at=at)
    enter_twice(actor=owner, at=at)
    fear_for_bernd(actor=owner, at=at)
    today = timezone.localdate(at)
    reckon_due(actor=owner, at=at, today=today)
    prepare_due(actor=owner, at=at, today=today)
    prepare_growth(actor=owner, at=at)
    if not Outcomes.objects.exists():
        judge(actor=owner, at=at, today=today)
    _have_estimates_judged(owner, at)
    return password


def _have_estimates_judged(owner: User, at: datetime) -> None:
    """Once, by the worker that soon runs beside the site: nobody waits for it."""
    from kundenstamm.lifecycle.evidence import ask_for_judgement
    from kundenstamm.lifecycle.models import Evidence

    if not Evidence.objects.exists():
        ask_for_judgement(actor=owner, at=at)
