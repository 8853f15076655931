"""A record of the files that `load_campaign` has loaded."""

from django.db import models


class LoadedContent(models.Model):
    """A file that `load_campaign` has loaded. It isn't loaded again, because that would bring back deleted content."""

    name = models.CharField(max_length=200, primary_key=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
