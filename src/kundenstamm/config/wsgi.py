"""The WSGI application that the server runs."""

import os

from django.core.wsgi import get_wsgi_application

# The site's own log-in: behind the wall, and the owner of nothing.
os.environ["KUNDENSTAMM_DATABASE_LOGIN"] = "site"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kundenstamm.config.settings")
application = get_wsgi_application()

from kundenstamm.web.shell.loading import load_for_good  # noqa: E402  (needs the settings)

load_for_good()
