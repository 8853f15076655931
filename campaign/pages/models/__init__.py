"""Content pages built of blocks, the menus, and the site's own settings."""

from campaign.pages.models.embed import Embed
from campaign.pages.models.home_section import HomeSection, Partner
from campaign.pages.models.loaded import LoadedContent
from campaign.pages.models.page import Block, Page, PageQuerySet
from campaign.pages.models.pictures import Download, GalleryPicture, PictureBlock, VideoLink
from campaign.pages.models.site_settings import MenuItem, SiteSettings
from campaign.pages.models.update import Update, UpdateQuerySet
from campaign.pages.models.words import Action, Columns, Fact, Figure, Question, Quotation, Text

__all__ = [
    "Action",
    "Block",
    "Columns",
    "Download",
    "Embed",
    "Fact",
    "Figure",
    "GalleryPicture",
    "HomeSection",
    "LoadedContent",
    "MenuItem",
    "Page",
    "PageQuerySet",
    "Partner",
    "PictureBlock",
    "Question",
    "Quotation",
    "SiteSettings",
    "Text",
    "Update",
    "UpdateQuerySet",
    "VideoLink",
]
