"""Rules that every model follows."""

from django.apps import apps
from django.db.models import NOT_PROVIDED


def test_defaults_in_the_database_match_those_of_unsaved_rows():
    fields = [field for model in apps.get_models() for field in model._meta.local_fields]
    ours = [field for field in fields if field.model.__module__.split(".")[0] in {"campaign", "pledges", "actions"}]

    assert any(field.db_default is not NOT_PROVIDED for field in ours)
    assert [str(field) for field in ours if field.has_db_default() and not field.has_default()] == []
