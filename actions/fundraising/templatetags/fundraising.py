"""Amounts of money in templates."""

from django import template

from actions.fundraising.models import donations

register = template.Library()
register.filter("pounds", donations.pounds)
