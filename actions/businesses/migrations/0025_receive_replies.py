from django.db import migrations, models


class Migration(migrations.Migration):
    """Record in the ledger that a company's reply has been received, and that it has been decided on."""

    dependencies = [
        ("businesses", "0024_hide_claims_only"),
        ("media", "0002_withdrawn_files"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="entry",
            name="step_is_about_an_entry",
        ),
        migrations.AlterField(
            model_name="entry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("letter", "letter sent"),
                    ("reminder", "reminder sent"),
                    ("reply", "reply"),
                    ("meeting", "meeting"),
                    ("commitment", "commitment"),
                    ("kept", "commitment kept"),
                    ("broken", "commitment broken"),
                    ("declined", "declined"),
                    ("no_answer", "no answer after a reminder"),
                    ("retraction", "retraction"),
                    ("check", "check"),
                    ("notice", "notice delivered"),
                    ("publication", "claim published"),
                    ("deadline", "deadline approved"),
                    ("listing", "details of the brand"),
                    ("hidden", "hidden while a complaint is examined"),
                    ("shown", "shown again"),
                    ("received", "reply received by the link"),
                    ("decided", "reply published or refused"),
                    ("redacted", "redacted"),
                ],
                max_length=11,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ("check", "notice", "publication", "deadline", "hidden", "shown", "decided")),
                        _negated=True,
                    ),
                    ("about__isnull", False),
                    _connector="OR",
                ),
                name="step_is_about_an_entry",
            ),
        ),
    ]
