"""The block that shows a pledge, a letter, a protest, an appeal or a brand."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.pages import embeds
from campaign.pages.models.page import Block
from campaign.pages.models.target import TargetField


class Embed(Block):
    """A block that shows an object of another app as a card, or nothing while visitors may not see the object."""

    target = TargetField(
        gettext_lazy("what to show"),
        max_length=80,
        help_text=gettext_lazy(
            "Visitors see its title, its summary and a button. They see nothing here until it has been published."
        ),
    )
    shown: Any = None  # the published object, which `fill` sets

    class Meta:
        verbose_name = gettext_lazy("card of a pledge, letter, protest, appeal, brand, plan or update")
        verbose_name_plural = gettext_lazy("cards of pledges, letters, protests, appeals, brands, plans and updates")

    def __str__(self) -> str:
        return embeds.title_of(self.target) or str(self._meta.verbose_name)

    def clean(self) -> None:
        """Raise ValidationError if the target doesn't exist."""
        if self.target and not embeds.title_of(self.target):
            raise ValidationError({"target": _("It has been deleted. Choose another, or delete this block.")})

    @property
    def template(self) -> str:
        """Return the template for the object that the block shows."""
        return embeds.KINDS[self.shown._meta.label_lower].template


def fill(blocks: list[Block]) -> None:
    """Set the object that each embed shows, if visitors may see it, with one query for each kind of object."""
    holders = [block for block in blocks if isinstance(block, Embed)]
    found = embeds.published(block.target for block in holders)
    for block in holders:
        block.shown = found.get(block.target)
