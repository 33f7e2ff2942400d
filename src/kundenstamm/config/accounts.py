"""Settings of accounts: signing in, second factors, mail, single sign-on.

``KUNDENSTAMM_MAIL_HOST``, ``_MAIL_PORT``, ``_MAIL_USER``, ``_MAIL_PASSWORD``,
``_MAIL_TLS=off|starttls|tls`` and ``_MAIL_FROM`` name the mail server; without a host mails are
written to the log. ``KUNDENSTAMM_OIDC_ISSUER``, ``_OIDC_CLIENT_ID`` and ``_OIDC_CLIENT_SECRET``
switch single sign-on on.
"""

from __future__ import annotations

import os

AUTH_USER_MODEL = "guard.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

ACCOUNT_ADAPTER = "kundenstamm.web.guard.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Whoever has an account was invited by mail or made by the operator.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300

MFA_ADAPTER = "kundenstamm.web.guard.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Kundenstamm"
# A telephone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1

# Seen sessions are noted by our own middleware, every few minutes instead of every request.
USERSESSIONS_TRACK_ACTIVITY = False

MAIL_HOST = os.environ.get("KUNDENSTAMM_MAIL_HOST", "")
MAIL_TLS = os.environ.get("KUNDENSTAMM_MAIL_TLS", "starttls")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL_HOST else 'console'}.EmailBackend"
EMAIL_HOST = MAIL_HOST
EMAIL_PORT = int(os.environ.get("KUNDENSTAMM_MAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("KUNDENSTAMM_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("KUNDENSTAMM_MAIL_PASSWORD", "")
EMAIL_USE_TLS = MAIL_TLS == "starttls"
EMAIL_USE_SSL = MAIL_TLS == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("KUNDENSTAMM_MAIL_FROM", "kundenstamm@localhost")

OIDC_ISSUER = os.environ.get("KUNDENSTAMM_OIDC_ISSUER", "")
SOCIALACCOUNT_ADAPTER = "kundenstamm.web.guard.adapters.SingleSignOnAdapter"
# The policy lets forms go to our own site only, so the way to the issuer is a link.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "company",
                "name": "Single sign-on",
                "client_id": os.environ.get("KUNDENSTAMM_OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("KUNDENSTAMM_OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}
