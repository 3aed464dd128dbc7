"""Addresses of the financing room: what belongs to no single agreement."""

from django.urls import path

from financing.views import verification

urlpatterns = [
    path("okonomi/kontrollregning/", verification.verify_table, name="verify-table"),
]
