"""The languages that organisers write in, and the language of the interface around their text.

Organisers can write in any of CONTENT_LANGUAGES. Labels, messages and dates are in the same language only if the site
has been translated into it (LANGUAGES in the settings); otherwise they stay in English, marked by `lang` and `dir`.
"""

from typing import Any

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

CONTENT_LANGUAGES = [
    ("en-gb", _("English")),
    ("ug", _("Uyghur")),
    ("zh-hans", _("Chinese (simplified)")),
    ("zh-hant", _("Chinese (traditional)")),
    ("ar", _("Arabic")),
    ("cy", _("Welsh")),
    ("de", _("German")),
    ("es", _("Spanish")),
    ("fa", _("Persian")),
    ("fr", _("French")),
    ("he", _("Hebrew")),
    ("hu", _("Hungarian")),
    ("it", _("Italian")),
    ("ja", _("Japanese")),
    ("kk", _("Kazakh")),
    ("ky", _("Kyrgyz")),
    ("nl", _("Dutch")),
    ("pl", _("Polish")),
    ("pt", _("Portuguese")),
    ("ru", _("Russian")),
    ("sv", _("Swedish")),
    ("tr", _("Turkish")),
    ("uk", _("Ukrainian")),
    ("ur", _("Urdu")),
    ("uz", _("Uzbek")),
    ("yi", _("Yiddish")),
]
RIGHT_TO_LEFT = {"ar", "fa", "he", "ug", "ur", "yi"}
# Languages' own names that Django does not know. This one is from the GNU C Library's locale yi_US.
OWN_NAMES = {"yi": "ייִדיש"}


def direction(language: str) -> str:
    """Return the direction in which the language is written: "rtl" or "ltr"."""
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def own_name(language: str) -> str:
    """Return the name of a language in that language: "ئۇيغۇرچە" for "ug", or the code if we don't know it."""
    code = "en" if language.startswith("en-") else language
    return OWN_NAMES.get(code) or LANG_INFO.get(code, {}).get("name_local", language)


def attributes(language: str) -> SafeString:
    """Return attributes for a tag, such as `lang="ug" dir="rtl"`."""
    return format_html('lang="{}" dir="{}"', language, direction(language))


class LanguageField(models.CharField):
    """The language that an organiser writes in. Migrations leave out the choices, which may change."""

    def __init__(self, **kwargs: Any) -> None:
        own: dict[str, Any] = {"verbose_name": _("language"), "max_length": 16, "default": settings.LANGUAGE_CODE}
        super().__init__(**own | {"choices": CONTENT_LANGUAGES} | kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        return name, "django.db.models.CharField", args, kwargs


class InLanguage:
    """Content that organisers have written in one language."""

    language: Any

    @property
    def direction(self) -> str:
        """Return the direction in which the content is written: "rtl" or "ltr"."""
        return direction(self.language)

    @property
    def interface_language(self) -> str:
        """Return the interface's language: the content's own if the site is translated into it, otherwise English."""
        return self.language if self.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    @property
    def content_attributes(self) -> SafeString:
        """Return `lang` and `dir` for a tag around the content, or nothing if the page is in the same language."""
        return SafeString("") if self.language == get_language() else attributes(self.language)

    @property
    def interface_attributes(self) -> SafeString:
        """Return `lang` and `dir` for a tag around labels in the content, or nothing if both are in one language."""
        active = get_language() or settings.LANGUAGE_CODE
        return SafeString("") if self.language == active else attributes(active)
