"""How strangers become customers: on which ways, at what cost, and sent by whom."""

from kundenstamm.acquisition.models.arrival import (
    Arrival,
    ArrivalCost,
    ChannelAge,
    ChannelMonth,
    Circle,
    Credit,
    Growing,
    Path,
    Touched,
)
from kundenstamm.acquisition.models.channel import Campaign, Channel, Partner, Spending
from kundenstamm.acquisition.models.coming import Origin, Referral, Touch

__all__ = [
    "Arrival", "ArrivalCost", "Campaign", "Channel", "ChannelAge", "ChannelMonth", "Circle",
    "Credit", "Growing", "Origin", "Partner", "Path", "Referral", "Spending", "Touch", "Touched",
]  # fmt: skip
