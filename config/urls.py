"""Every address of the program. Addresses are Norwegian; names are English."""

from django.contrib import admin
from django.urls import include, path

from config.health import health, ready

urlpatterns = [
    path("", include("agreements.urls")),
    path("", include("financing.urls")),
    path("", include("municipalities.urls")),
    path("health/", health, name="health"),
    path("health/ready/", ready, name="ready"),
    path("administrasjon/", admin.site.urls),
]

handler400 = "municipalities.kept.bad_request"
handler500 = "municipalities.away.server_error"
