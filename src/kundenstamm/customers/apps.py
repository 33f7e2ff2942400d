from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "kundenstamm.customers"
    label = "customers"
