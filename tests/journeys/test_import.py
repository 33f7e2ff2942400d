"""A messy file dropped, looked at, loaded in the background, seen, taken back."""

from __future__ import annotations

import re
import threading

import pytest

pytestmark = pytest.mark.browser

FILE = """Umsatzbericht 2026;;;;
Kundennummer;Kunde;Belegdatum;Belegnr;Netto
1001;Müller GmbH;01.02.2026;R1;1.234,50
1002;Süd KG;15.03.2026;R2;99,00
;;16.03.2026;R3;5,00
""".encode("cp1252")


def _work():
    """What the worker beside the site does: every waiting job."""
    from procrastinate.contrib.django import app

    connector = app.connector.get_worker_connector()
    with app.replace_connector(connector) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def _work_beside():
    """In a thread of its own, for the worker has a loop and the browser's driver another."""
    worker = threading.Thread(target=_work)
    worker.start()
    worker.join()


def test_from_a_messy_file_to_the_first_answer_and_back(site, frieda, tmp_path):
    path = tmp_path / "umsatz.csv"
    path.write_bytes(FILE)
    site.goto(site.url + "import/")
    site.set_input_files("input[type=file]", str(path))
    site.wait_for_url(re.compile(r"/import/[0-9a-f-]{36}/"))
    site.wait_for_selector("text=/Der Kunde fehlt/")
    site.click("main form[action$='/start/'] button")
    site.wait_for_load_state("networkidle")
    _work_beside()
    site.wait_for_selector("form[action$='/undo/']")
    site.goto(site.url.split("/import/")[0] + "/customers/")
    assert "Müller GmbH" in site.inner_text("#rows")
    site.goto(site.url.split("/customers/")[0] + "/import/")
    site.on("dialog", lambda dialog: dialog.accept())
    site.click("form[action$='/undo/'] button")
    site.wait_for_selector("text=wird zurückgenommen")
    _work_beside()
    site.goto(site.url.split("/import/")[0] + "/customers/")
    assert "Müller GmbH" not in site.content()
