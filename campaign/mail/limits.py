"""How many messages one address may have of those that anybody can cause by typing it into a form."""

from datetime import timedelta

DAY = timedelta(hours=24)
MESSAGES_A_DAY = 3
