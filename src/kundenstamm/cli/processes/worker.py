"""Does the jobs, under the worker's own log-in; started by ``serve``, ends with its parent."""

from __future__ import annotations

import os

from kundenstamm.cli.processes import end_with_parent


def main() -> None:
    end_with_parent()
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kundenstamm.config.settings")
    django.setup()
    from procrastinate.contrib.django import app

    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's own
    with app.replace_connector(connector) as worker:
        worker.run_worker(name="kundenstamm", install_signal_handlers=True, concurrency=1)


if __name__ == "__main__":
    main()
