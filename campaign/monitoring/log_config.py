"""The configuration of logging, for Django and for gunicorn's master, which doesn't read Django's settings.

Lines go to standard error as JSON; on a laptop or in a terminal, as text with tokens and addresses masked.
"""

import sys

import environ

READABLE = environ.Env().bool("DEBUG", default=False) or sys.stderr.isatty()
HANDLERS = ["console", "errors"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "campaign.privacy.logs.MaskingFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "campaign.monitoring.log_lines.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "text" if READABLE else "json"},
        "errors": {"class": "campaign.monitoring.error_count.ErrorCounter", "level": "ERROR"},
    },
    "root": {"handlers": HANDLERS, "level": "INFO"},
    "loggers": {
        "django": {"handlers": HANDLERS, "level": "INFO", "propagate": False},
        "gunicorn.error": {"handlers": HANDLERS, "level": "WARNING", "propagate": False},
        "fido2": {"level": "WARNING"},  # lower levels log the identifiers of passkeys
        "flufl.bounce": {"level": "CRITICAL"},  # lower levels log each guess, and texts from returned messages
        "stripe": {"level": "WARNING"},  # below that, a line for each request, of no use to us
    },
}
