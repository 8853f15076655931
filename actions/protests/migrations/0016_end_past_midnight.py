from datetime import time

from django.db import migrations, models
from django.db.models import F, Q

WRONG_END = "The end must be after the start. A protest that continues past midnight can last 12 hours at most."


def end_before_midnight(apps, schema_editor):
    """Let what ends at or after midnight end just before it, as the older constraints require."""
    apps.get_model("protests.Schedule").objects.filter(end_time__lt=F("start_time")).update(end_time=time.max)
    changes = apps.get_model("protests.ProtestChange").objects
    changes.filter(new_end__lt=F("new_start")).update(new_end=time.max)


class Migration(migrations.Migration):
    dependencies = [
        ("protests", "0015_find_attempts"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="protestchange", name="new_end_after_new_start"),
        migrations.RemoveConstraint(model_name="schedule", name="schedule_ends_after_it_starts"),
        migrations.AddConstraint(
            model_name="protestchange",
            constraint=models.CheckConstraint(
                condition=Q(new_start=None) | Q(new_end=None) | ~Q(new_end=F("new_start")),
                name="new_end_is_not_the_new_start",
                violation_error_message=WRONG_END,
            ),
        ),
        migrations.AddConstraint(
            model_name="schedule",
            constraint=models.CheckConstraint(
                condition=~Q(end_time=F("start_time")),
                name="schedule_end_is_not_its_start",
                violation_error_message=WRONG_END,
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, end_before_midnight),
    ]
