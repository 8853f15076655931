"""The base class of blocks, of which organisers make pages and mailings in the block editor."""

from typing import Self

from django.db import models

from campaign.versions.versioned import Part


class BlockBase(Part):
    """A block with its place among the others: our own version of `content_editor.models.create_plugin_base`.

    A subclass adds the foreign key `parent` to the kind of content that its blocks make up.
    """

    whole = "parent"
    region = models.CharField(max_length=255)
    ordering = models.IntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["ordering", "pk"]

    @classmethod
    def get_queryset(cls) -> models.QuerySet[Self]:
        """Return all blocks of this kind, for the editor."""
        return cls._default_manager.all()
