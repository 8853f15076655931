"""Mailings and their deliveries."""

from campaign.mailings.models.delivery import Delivery, DeliveryQuerySet
from campaign.mailings.models.mailing import Mailing, MailingQuerySet
from campaign.mailings.models.pace import Pace

__all__ = ["Delivery", "DeliveryQuerySet", "Mailing", "MailingQuerySet", "Pace"]
