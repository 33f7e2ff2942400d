"""The day of the wall's tests."""

from django.utils import timezone

AT = timezone.now()
TODAY = timezone.localdate(AT)
