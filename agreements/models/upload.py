"""A file that has been sent in, kept until an agreement is made of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from municipalities.models import Region


class Upload(models.Model):
    """What somebody wants to make an agreement of. Only that person sees it, and it goes after a day.

    `content` is what was read of the file, see `importing.passing`, so that it is read only once.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "opplastet fil"
        verbose_name_plural = "opplastede filer"
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.name
