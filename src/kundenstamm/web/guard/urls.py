"""allauth looks its pages up by name, so its names stand beside ours."""

from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount.providers.openid_connect import views as single_sign_on
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, path, reverse_lazy

from kundenstamm.guard.rights import Right
from kundenstamm.web.guard import audit_views, demo, people_views, team_views, views
from kundenstamm.web.guard.interrupting import answered
from kundenstamm.web.guard.needing import needing

INDEX = reverse_lazy("mfa_index")
COMPANY = {"provider_id": "company"}


def _page(route: str, view: Any, template: str, name: str, **options: Any) -> URLPattern:
    """One of allauth's pages in our clothes."""
    shown = answered(view.as_view(template_name=f"guard/{template}.html", **options))
    page: URLPattern = path(route, shown, name=name)
    return page


urlpatterns = [
    path("sign-in/", login_not_required(views.SignIn.as_view()), name="sign-in"),
    path("sign-in/", login_not_required(views.SignIn.as_view()), name="account_login"),
    path("sign-in/demo/", demo.play, name="demo-sign-in"),
    path(
        "sign-in/company/", answered(single_sign_on.login), COMPANY, name="openid_connect_login",
    ),
    path(
        "sign-in/company/back/", answered(single_sign_on.callback), COMPANY,
        name="openid_connect_callback",
    ),
    _page("sign-in/second/", factors.AuthenticateView, "second_step", "mfa_authenticate"),
    _page("sign-in/again/", ReauthenticateView, "again", "account_reauthenticate"),
    _page("sign-in/again/code/", factors.ReauthenticateView, "again", "mfa_reauthenticate"),
    _page(
        "sign-in/again/passkey/", passkeys.ReauthenticateWebAuthnView, "again_passkey",
        "mfa_reauthenticate_webauthn",
    ),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("invitation/<str:token>/", people_views.invitation, name="invitation"),
    path("account/", views.account, name="account"),
    path("account/sessions/end/", views.end_session, name="end-session"),
    _page("account/second-factor/", factors.IndexView, "second_factor", "mfa_index"),
    _page("account/second-factor/app/", totp.ActivateTOTPView, "app_add", "mfa_activate_totp"),
    _page(
        "account/second-factor/app/remove/", totp.DeactivateTOTPView, "factor_remove",
        "mfa_deactivate_totp",
    ),
    _page(
        "account/second-factor/passkey/", passkeys.AddWebAuthnView, "passkey_add",
        "mfa_add_webauthn",
    ),
    _page(
        "account/second-factor/passkey/<int:pk>/remove/", passkeys.RemoveWebAuthnView,
        "factor_remove", "mfa_remove_webauthn", success_url=INDEX,
    ),
    _page(
        "account/second-factor/codes/", codes.ViewRecoveryCodesView, "recovery_codes",
        "mfa_view_recovery_codes",
    ),
    _page(
        "account/second-factor/codes/new/", codes.GenerateRecoveryCodesView, "recovery_codes_new",
        "mfa_generate_recovery_codes",
    ),
    path("rights/", views.rights, name="rights"),
    path("language/", views.language, name="language"),
    *needing(
        Right.PEOPLE,
        [
            path("people/", people_views.people_page, name="people"),
            path("people/<int:pk>/", people_views.person, name="person"),
            path("people/<int:pk>/serves/", people_views.serves, name="serves"),
            path("people/teams/", team_views.teams_page, name="teams"),
            path("people/teams/new/", team_views.make_team, name="make-team"),
            path("people/teams/<int:pk>/", team_views.change_team, name="change-team"),
            path("people/teams/<int:pk>/dissolve/", team_views.dissolve_team, name="dissolve-team"),
        ],
    ),
    *needing(
        Right.AUDIT,
        [
            path("protection/", audit_views.audit, name="audit"),
            path("protection/alarms/", audit_views.alarms_page, name="alarms"),
            path("protection/alarms/<int:pk>/", audit_views.alarm_seen, name="alarm-seen"),
        ],
    ),
]  # fmt: skip
