"""What `load_campaign` has loaded."""

from django.db import models


class LoadedContent(models.Model):
    """A file that `load_campaign` has loaded once, so that it never brings back anything deleted."""

    name = models.CharField(max_length=200, primary_key=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
