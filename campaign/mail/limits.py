"""The rate rule for messages that anybody can cause by typing an address into a form: three to it in 24 hours.

It is written once, as two functions in the database (mail's migrations). SQL calls them by name, queries by these.
"""

from django.db.models import DateTimeField, Func, IntegerField


class RateCount(Func):
    """How many messages an address has had in its 24 hours, with one more; NULL if that would be too many.

    Takes how many it has had, since when, and the time of the new message (aware).
    """

    function = "message_rate_count_1"
    output_field = IntegerField()


class RateSince(Func):
    """When the 24 hours began in which a new message counts.

    Takes when those of the earlier ones began, and the time of the new message (aware).
    """

    function = "message_rate_since_1"
    output_field = DateTimeField()
