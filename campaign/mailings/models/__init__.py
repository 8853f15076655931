"""Mailings, their blocks, their deliveries, the workers' leases, and the tests that organisers send to themselves."""

from campaign.mailings.models.blocks import MailBlock, MailButton, MailCard, MailQuotation, MailText
from campaign.mailings.models.delivery import Delivery, DeliveryQuerySet
from campaign.mailings.models.lease import Lease
from campaign.mailings.models.mailing import Mailing, MailingQuerySet
from campaign.mailings.models.pace import Pace
from campaign.mailings.models.test_message import TestMessage

__all__ = [
    "Delivery",
    "DeliveryQuerySet",
    "Lease",
    "MailBlock",
    "MailButton",
    "MailCard",
    "MailQuotation",
    "MailText",
    "Mailing",
    "MailingQuerySet",
    "Pace",
    "TestMessage",
]
