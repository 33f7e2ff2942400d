"""The WSGI application that the server runs."""

import os

from django.core.wsgi import get_wsgi_application

# The site's own log-in: behind the wall, and the owner of nothing.
os.environ["KUNDENSTAMM_DATABASE_LOGIN"] = "site"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kundenstamm.config.settings")
application = get_wsgi_application()
