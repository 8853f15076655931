"""Amounts of money in templates."""

from django import template

register = template.Library()
register.filter("pounds", money.pounds)
