"""Settings for the log: to standard output, with tokens masked and no personal data."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "campaign.privacy.logs.MaskingFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "fido2": {"level": "WARNING"},  # lower levels log the identifiers of passkeys
        "flufl.bounce": {"level": "CRITICAL"},  # lower levels log each guess, and texts from returned messages
        "stripe": {"level": "WARNING"},  # below that, a line for each request, of no use to us
    },
}
