"""How strangers become customers: on which ways, at what cost, and sent by whom."""

from kundenstamm.acquisition.models.channel import Campaign, Channel, Partner, Spending
from kundenstamm.acquisition.models.coming import Origin, Referral, Touch

__all__ = ["Campaign", "Channel", "Origin", "Partner", "Referral", "Spending", "Touch"]
