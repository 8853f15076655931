"""Amounts of money in templates."""

from django import template

from campaign import money

register = template.Library()
register.filter("pounds", money.pounds)
