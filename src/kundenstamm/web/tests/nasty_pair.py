"""A pair of customers one of whose names is an attack, and the address of its page."""

from __future__ import annotations

from django.urls import reverse

from kundenstamm.customers.models import Customer, Duplicate


def page_of_pair(customer):
    """The customer looks like another one."""
    other = Customer.objects.exclude(pk=customer.pk).earliest("pk")
    first, second = sorted((customer.pk, other.pk))
    told = {"probability": 0.9, "reasons": {"phone": "phone_same"}, "found_at": other.created_at}
    Duplicate.objects.get_or_create(first_id=first, second_id=second, defaults=told)
    return reverse("duplicate", args=[customer.key, other.key])
