"""Values to compare in tests: those in the database, and those in the model."""


def signature_row(row):
    """Return the values to compare from a signature in the database, or None."""
    if row is None:
        return None
    kept = (row.name, row.shown_name or None, row.email is not None, row.updates)
    published = (row.in_published_count, row.public_number is not None, row.public_name)
    return (row.state, row.visibility, *kept, *published)


def signature_model(one):
    if one is None:
        return None
    kept = (one.name, one.shown, one.has_email, one.updates)
    return (one.state, one.visibility, *kept, one.counted, one.numbered, one.public_name)


def donation_row(row):
    """Return the values to compare from a donation in the database."""
    payments = {
        one.intent_id: (
            *(one.status, one.amount_pence, one.net_pence),
            {refund.pk: (refund.amount_pence, refund.status) for refund in one.refunds.all()},
            {dispute.pk: (dispute.amount_pence, dispute.status) for dispute in one.disputes.all()},
        )
        for one in row.payments.all()
    }
    return row.session_status, row.subscription_status, row.donor_email is not None, payments, row.outcome()


def donation_model(donation):
    known = donation.known
    payments = {
        key: (one.status, one.amount, one.net, one.refunds, one.disputes) for key, one in known.payments.items()
    }
    return known.session, known.subscription, donation.is_donor_known, payments, donation.outcome
