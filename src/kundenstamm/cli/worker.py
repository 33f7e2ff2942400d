"""The background worker, started by ``serve``; ends when its parent is gone."""

from __future__ import annotations

import os
import signal
import threading
import time


def main() -> None:
    _end_with_parent()
    import django

    django.setup()
    from procrastinate.contrib.django import app

    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's own
    with app.replace_connector(connector) as worker:
        worker.run_worker(name="kundenstamm", install_signal_handlers=True, concurrency=1)


def _end_with_parent() -> None:
    """A parent killed outright cannot tell us: its number changes when we are adopted."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    main()
