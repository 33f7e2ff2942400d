"""Answers requests, under the site's own log-in; started by ``serve``, ends with its parent."""

from __future__ import annotations

import sys

from kundenstamm.cli.processes import end_with_parent


def main(host: str, port: str) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    end_with_parent()
    Granian(
        "kundenstamm.config.wsgi:application",
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=4,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
