"""Addresses of growth: channels, whom to look for, partners."""

from django.urls import path

from kundenstamm.guard.rights import Right
from kundenstamm.web.acquisition import channel_views, growth_views, partner_views
from kundenstamm.web.guard.needing import needing

urlpatterns = needing(
    Right.MARKETING,
    [
        path("", growth_views.growth, name="growth"),
        path("targets/", growth_views.targets, name="targets"),
        path("channels/", channel_views.channels, name="channels"),
        path("channels/spend/", channel_views.spend, name="spend"),
        path(
            "channels/spend/<uuid:spending>/remove/", channel_views.remove, name="remove-spending"
        ),
        path("channels/keep/", channel_views.keep, name="keep-channel"),
        path("channels/campaign/", channel_views.campaign, name="keep-campaign"),
        path("channels/take-over/", channel_views.take_over, name="take-over"),
        path("partners/", partner_views.partners, name="partners"),
        path("partners/<uuid:partner>/", partner_views.partner, name="partner"),
        path("partners/<uuid:partner>/pass-on/", partner_views.pass_on, name="pass-on"),
        path("referrals/<uuid:referral>/thank/", partner_views.thank, name="thank-partner"),
    ],
)
