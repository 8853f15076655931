"""Template filters for days and times in words, in the value's own time zone."""

from django import template

from campaign.text.times import day_in_words, moment_in_words, time_in_words

register = template.Library()
register.filter("clock", time_in_words)
register.filter("day", day_in_words)
register.filter("moment", moment_in_words)
