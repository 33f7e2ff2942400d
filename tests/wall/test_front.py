"""What every answer carries, whoever asks: nothing inline, nothing from elsewhere, nothing kept."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from kundenstamm.importers.models import ImportJob
from kundenstamm.kit.postgres.roles import APP
from kundenstamm.web.importers import views

# A script that is data only; the policy does not run it.
DATA = re.compile(r'<script id="[^"]*" type="application/json">.*?</script>', re.S)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", re.I)
ELSEWHERE = re.compile(r'(?:src|href|action)="(?:https?:)?//[^"]*"')


@pytest.fixture(autouse=True)
def _behind_the_wall(settings):
    settings.DATABASE_WALL_ROLE = APP


def carried_amiss(answer) -> list[str]:
    """What an answer carries and should not, or should and does not.

    ``no-store``, nothing by which a cache could ask whether it is still the same, nothing inline,
    nothing from elsewhere. `tests.audit.test_reads` asks it of every address for every person.
    """
    policy, html = answer["Content-Security-Policy"], ""
    if answer.get("Content-Type", "").startswith("text/html"):
        html = DATA.sub("", answer.content.decode())
    amiss = {
        "kept": "no-store" not in answer["Cache-Control"],
        "a tag": "ETag" in answer or "Last-Modified" in answer,
        "policy": "unsafe" in policy or "default-src 'none'" not in policy,
        "inline": bool(INLINE.search(html)),
        "elsewhere": bool(ELSEWHERE.search(html)),
    }
    return [what for what, found in amiss.items() if found]


@pytest.mark.parametrize(
    ("page", "headers", "found"),
    [
        ("<p>Gut</p>", {}, []),
        ('<script id="d" type="application/json">{}</script><script src="/a.js">', {}, []),
        ('<p style="color:red">', {}, ["inline"]),
        ("<script>1</script>", {}, ["inline"]),
        ('<a onclick="x()">', {}, ["inline"]),
        ('<img src="//elsewhere.example/a.png">', {}, ["elsewhere"]),
        ("", {"Cache-Control": "private"}, ["kept"]),
        ("", {"ETag": "1"}, ["a tag"]),
        ("", {"Content-Security-Policy": "default-src 'unsafe-inline'"}, ["policy"]),
    ],
)
def test_what_is_amiss_is_seen(page, headers, found):
    sound = {"Content-Security-Policy": "default-src 'none'", "Cache-Control": "no-store"}
    assert carried_amiss(HttpResponse(page, headers=sound | headers)) == found


def test_a_cache_that_asks_for_somebody_elses_copy_gets_a_whole_answer(cast, client):
    client.force_login(cast["Frieda"])
    mine = client.get(reverse("customers")).content
    client.force_login(cast["Anna"])
    asked = {"HTTP_IF_NONE_MATCH": "*", "HTTP_IF_MODIFIED_SINCE": "Fri, 01 Jan 2100 00:00:00 GMT"}
    other = client.get(reverse("customers"), **asked)
    assert other.status_code == 200
    assert other.content != mine


def test_answers_that_no_view_gives_carry_the_policy_too(client, db):
    for address in ("/customers", "/gibt-es-nicht/", "/"):
        answer = client.get(address)
        assert answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]


def test_a_file_that_is_too_large_is_refused_and_not_kept(cast, client, settings, monkeypatch):
    settings.DATABASE_WALL_ROLE = ""
    monkeypatch.setattr(views, "MAX_BYTES", 100)
    client.force_login(cast["Frieda"])
    file = SimpleUploadedFile("sales.csv", b"Kunde;Datum;Betrag\n" + b"A;1.1.2026;1,00\n" * 50)
    answer = client.post(reverse("imports"), {"file": file}, follow=True)
    assert ImportJob.objects.count() == 0
    assert any(message.level_tag == "error" for message in answer.context["messages"])


@pytest.mark.parametrize(
    ("https", "hsts", "told"),
    [("", "31536000", "False 0"), ("1", "", "True 0"), ("1", "31536000", "True 31536000")],
)
def test_cookies_and_hsts_follow_the_switches(tmp_path, https, hsts, told):
    """Settings are read once a process, so each case has one of its own."""
    environment = {"KUNDENSTAMM_HOME": str(tmp_path), "DATABASE_URL": "postgresql://a:b@c/d",
                   "PYTHONPATH": ":".join(sys.path), "KUNDENSTAMM_HTTPS": https}  # fmt: skip
    if hsts:
        environment["KUNDENSTAMM_HSTS_SECONDS"] = hsts
    code = (
        "from kundenstamm.config import settings as s;"
        "assert s.SESSION_COOKIE_SECURE == s.CSRF_COOKIE_SECURE;"
        "print(s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == told
