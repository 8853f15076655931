"""Settings for sending mailings (`campaign.mailings.sending`)."""

import environ

env = environ.Env()

# Messages a second, from all workers together: to everybody, and to the addresses of one domain. 0 means no limit.
NEWS_PER_SECOND = env.float("NEWS_PER_SECOND", default=10.0)
NEWS_PER_DOMAIN_PER_SECOND = env.float("NEWS_PER_DOMAIN_PER_SECOND", default=5.0)
NEWS_CONNECTIONS = env.int("NEWS_CONNECTIONS", default=4)  # from each worker to the mail server
