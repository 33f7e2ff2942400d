from django.contrib.auth import views as auth
from django.urls import path

from kundenstamm.web.guard import views

urlpatterns = [
    path(
        "sign-in/",
        auth.LoginView.as_view(
            template_name="guard/sign_in.html", redirect_authenticated_user=True
        ),
        name="sign-in",
    ),
    path("sign-out/", auth.LogoutView.as_view(), name="sign-out"),
    path("account/", views.account, name="account"),
    path("language/", views.language, name="language"),
]
