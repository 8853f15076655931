"""Settings for how long things are kept, in days. The privacy notice shows the same numbers."""

import environ

env = environ.Env()

KEEP_NETWORK_DAYS = 30
KEEP_DAILY_KEYS_DAYS = 1
KEEP_ACTIVITY_DAYS = 1
KEEP_LINKS_DAYS = 1
KEEP_APPROVAL_DRAFTS_DAYS = 1
KEEP_WORKING_COPIES_DAYS = 30
KEEP_PRESENCE_DAYS = 1
KEEP_LOST_MAILBOX_DAYS = 30
KEEP_LOST_PHONES_DAYS = 30
KEEP_NEW_BROWSERS_DAYS = 30
KEEP_ATTENDEES_DAYS = 7  # after the date that they said they were coming to
KEEP_RATE_LIMITS_DAYS = 1
KEEP_MESSAGES_DAYS = 30
KEEP_DELIVERIES_DAYS = 30  # after the last message in a mailing
KEEP_BOUNCES_DAYS = 183  # then the site may write to the address again, because its mailbox may work by then
KEEP_BACKUPS_DAYS = env.int("KEEP_BACKUPS_DAYS", default=14)  # by the programs in deploy/
KEEP_ERASURES_DAYS = env.int("KEEP_ERASURES_DAYS", default=400)  # longer than any backup is kept
KEEP_AUDIT_DAYS = 6 * 366  # at least six years, during which a trigger refuses to delete entries (campaign.audit)
KEEP_SUBJECT_ACCESS_DAYS = 3 * 366  # to be able to show that we answered
KEEP_UNPAID_DONATIONS_DAYS = 30
KEEP_DONORS_DAYS = env.int("KEEP_DONORS_DAYS", default=400)
KEEP_COMPANY_CONTACTS_DAYS = 2 * 366
KEEP_STRIPE_EVENTS_DAYS = 60  # longer than Stripe keeps sending an event, or lets us ask for it
# HMRC may ask about the last six years: with a shorter time, claims could no longer be proved.
KEEP_GIFT_AID_DAYS = env.int("KEEP_GIFT_AID_DAYS", default=6 * 366)
KEEP_COMMUNITIES_DAYS = env.int("KEEP_COMMUNITIES_DAYS", default=400)
KEEP_LEFT_COMMUNITIES_DAYS = 1
KEEP_COMPLAINTS_DAYS = 366
KEEP_AFTER_CLOSE_DAYS = env.int("KEEP_AFTER_CLOSE_DAYS", default=183)
