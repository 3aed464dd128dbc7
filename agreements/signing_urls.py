"""Addresses of signing: who signs, and the signed files. Part of `agreements.urls`."""

from django.urls import path

from agreements.views import signatories, signed

urlpatterns = [
    path("avtaler/<slug:slug>/dokumenter/signert/", signed.signed_files_of, name="signed-files"),
    path(
        "avtaler/<slug:slug>/dokumenter/signert/<int:pk>/ta-tilbake/",
        signed.take_back,
        name="take-back-signature",
    ),
    path("avtaler/<slug:slug>/dokumenter/signatarer/", signatories.contacts_of, name="signatories"),
    *(
        path(
            f"avtaler/<slug:slug>/dokumenter/signatarliste.{form}",
            signatories.signer_list,
            {"form": form},
            name=f"signatories-{form}",
        )
        for form in signatories.FILES
    ),
]
