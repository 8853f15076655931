"""Amounts of money in templates."""

from django import template

from actions.fundraising import donations

register = template.Library()
register.filter("pounds", donations.pounds)
