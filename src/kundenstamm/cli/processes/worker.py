"""Does the jobs, under the worker's own log-in; started by ``serve``, ends with its parent.

Beside the jobs, and so also while one takes long, it seals the audit every few seconds.
"""

from __future__ import annotations

import logging
import os
import threading

from kundenstamm.cli.processes import end_with_parent

SEALING_SECONDS = 3
log = logging.getLogger(__name__)


def main() -> None:
    end_with_parent()
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kundenstamm.config.settings")
    django.setup()
    over = threading.Event()
    sealer = threading.Thread(target=_keep_sealing, args=[over])
    sealer.start()
    from procrastinate.contrib.django import app

    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's own
    try:
        with app.replace_connector(connector) as worker:
            worker.run_worker(name="kundenstamm", install_signal_handlers=True, concurrency=1)
    finally:
        over.set()
        sealer.join()


def _keep_sealing(over: threading.Event) -> None:
    """Until the worker ends; a failure is told and tried again, for unsealed entries wait."""
    from django.db import connection
    from django.utils import timezone

    from kundenstamm.guard.audit import chain

    while not over.wait(SEALING_SECONDS):
        try:
            chain.seal(at=timezone.now())
        except Exception:
            log.exception("The audit could not be sealed; the next try is in a moment.")
            connection.close()
    connection.close()


if __name__ == "__main__":
    main()
