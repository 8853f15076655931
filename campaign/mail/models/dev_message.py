"""Sent messages that development keeps."""

from django.db import models


class DevMessage(models.Model):
    """A sent message, kept for `/dev/mailbox/` in development only."""

    to = models.CharField(max_length=400)
    subject = models.CharField(max_length=400)
    body = models.TextField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject
