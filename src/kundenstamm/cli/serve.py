"""``kundenstamm serve``: the site, its background worker and its database in one command."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
from typing import Annotated

import typer

from kundenstamm.cli.processes import beside
from kundenstamm.cli.site import site


def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve the site until Ctrl-C."""
    with site():
        _offer_first_sign_in()
        listen(host, port)


def listen(host: str, port: int) -> None:
    """Collect static files, start the worker beside us, answer requests until interrupted."""
    refuse_taken_port(host, port)
    collect_static()
    with beside("worker", "worker"), beside("answering", "site", host, str(port)) as answering:
        _until_told(answering)


def refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            typer.echo(
                f"Port {port} on {host} is not free ({error.strerror}). "
                f"Take another one, for example: kundenstamm serve --port {port + 1} "
                f"(make demo PORT={port + 1}).",
                err=True,
            )
            raise typer.Exit(1) from None


def collect_static() -> None:
    """Static files of the installed packages and of ours, compressed and named by content."""
    from django.conf import settings
    from django.core.management import call_command

    from kundenstamm.kit.chart_bundle import write_bundle

    write_bundle(settings.STATIC_GENERATED)
    call_command("collectstatic", verbosity=0, interactive=False)


def _until_told(answering: subprocess.Popen[bytes]) -> None:
    """Wait for Ctrl-C or a request to end, or until nobody answers any more."""

    def end(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    with contextlib.suppress(KeyboardInterrupt):
        answering.wait()


def _offer_first_sign_in() -> None:
    """An owner who has no password yet gets one, shown once."""
    import secrets

    from django.db import transaction
    from django.utils import timezone

    from kundenstamm.cli.site import cli_actor
    from kundenstamm.guard.actions import set_password

    owner = cli_actor()
    if owner.has_usable_password():
        return
    password = secrets.token_urlsafe(12)
    with transaction.atomic():
        set_password(owner, password, actor=owner, at=timezone.now())
    typer.echo(f"First sign-in: {owner.email}  {password}  (change it under your name)")
