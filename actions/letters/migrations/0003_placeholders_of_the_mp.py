"""The MP's name has two forms now, and the constituency more than a name: the placeholders say which is meant."""

from django.db import migrations

NEW = {"{{ mp.name }}": "{{ mp.display_name }}", "{{ constituency }}": "{{ constituency.name }}"}


def rename(apps, pairs):
    for letter in apps.get_model("letters", "Letter").objects.all():
        for old, new in pairs:
            letter.subject = letter.subject.replace(old, new)
            letter.body = letter.body.replace(old, new)
        letter.save()


class Migration(migrations.Migration):
    dependencies = [("letters", "0002_letters_of_ones_own")]
    operations = [
        migrations.RunPython(
            lambda apps, schema: rename(apps, NEW.items()),
            lambda apps, schema: rename(apps, [(new, old) for old, new in NEW.items()]),
        )
    ]
