"""An invented campaign to take pictures of: everything in it is made up, and the same in every run."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import time_machine
from django.utils import timezone

from actions.letters.models import DownloadCount, SentCount
from actions.protests.models import Weekday
from campaign.approvals.models import ApprovalRequest
from campaign.audit.acts import Act
from campaign.audit.log import record
from campaign.desk.models import ClosedTour
from campaign.editing.models import Presence
from campaign.media.models import Picture
from campaign.pages.models import Embed, Fact, Page, PictureBlock, Quotation, Text
from pledges.approvals.exports import EXPORT
from pledges.models import Export
from tests.actions.factories import FundFactory, LetterFactory, PaymentFactory, ProtestFactory, RecipientFactory
from tests.factories import PageFactory, PledgeFactory, SiteSettingsFactory, make_sector
from tests.guide import drawings, people

NOW = datetime(2026, 11, 24, 19, 40, tzinfo=ZoneInfo("Europe/London"))  # a Tuesday evening
PICTURES = [
    (drawings.stall, "Saturday stall", "A market stall with a striped roof and leaflets on the table"),
    (drawings.reading_room, "Reading room", "An open book on a table under a lamp"),
    (drawings.shelves, "Shelves", "Three full shelves of books"),
    (drawings.library, "The library from the street", "A brick library with tall windows and a dark door"),
]
WHO_WE_ARE = (
    "<h2>Neighbours who read</h2><p>We live near the library on Wick Lane. Some of us learned to read there. "
    "We have no paid staff, and no party.</p>"
)


def at(days_ago, hour, minute=0):
    """Return a context in which the clock has stopped on an earlier day."""
    day = NOW - timedelta(days=days_ago)
    return time_machine.travel(day.replace(hour=hour, minute=minute), tick=False)


class Site:
    """A campaign to keep a library open; `miriam` is the organiser who is signed in."""

    def __init__(self, miriam):
        self.miriam = miriam
        people.settle_in(miriam)
        self.tom, self.nadia = people.add_colleagues()
        self._add_settings()
        self._add_actions()
        self._add_pages()
        self._add_work()

    def _add_settings(self):
        fields = {"short_name": "Wick Lane Library", "hero_title": "Keep Wick Lane Library open"}
        publisher = {"publisher_name": "Friends of Wick Lane Library", "publisher_address": "PO Box 1\nNetherby"}
        with at(60, 18):
            SiteSettingsFactory(
                name="Wick Lane Library",
                description="Neighbours who want to keep their library.",
                contact_email="friends@library.example",
                **fields,
                **publisher,
            )
        self.pictures = []
        for days, (draw, title, alternative_text) in enumerate(PICTURES, 20):
            with at(days, 11):
                picture = Picture(title=title, alternative_text=alternative_text, credit="Tom Asher")
                picture.store(draw())
                picture.save()
                self.pictures.append(picture)

    def _add_actions(self):
        with at(40, 19):
            self.pledge = PledgeFactory(
                title="Keep Wick Lane Library open",
                slug="keep-it-open",
                summary="Four hundred people use it each week. The council plans to close it in spring.",
                statement="We want Wick Lane Library to stay open, with a librarian, six days a week.",
                demands=["Keep the library open six days a week.", "Publish what closing it would cost."],
                goal=500,
                on_home_page=True,
            )
            letter = LetterFactory(
                title="Write to your councillor", slug="councillor", summary="Five sentences are enough."
            )
            ProtestFactory(
                title="Read-in at the town hall",
                slug="read-in",
                schedule__weekdays=[Weekday.SATURDAY],
                schedule__start_time=time(11),
                schedule__end_time=time(12, 30),
                schedule__place__name="Steps of the town hall",
                schedule__place__address="Market Place\nNetherby",
                schedule__first_on=date(2026, 9, 5),
                confirmed_on=date(2026, 11, 20),
            )
            make_sector("NB1 2", AA="E14001265")
            RecipientFactory(display_name="Jo Fairweather MP", salutation="Jo Fairweather")
            fund = FundFactory(title="Leaflets and posters", slug="leaflets", payee="Friends of Wick Lane")
        SentCount.objects.create(letter=letter, area_code="E14001265", count=42)
        DownloadCount.objects.create(letter=letter, kind="docx", day=NOW.date(), count=9)
        people.add_signatures(self.pledge, NOW)
        for days, pounds in [(1, 10), (2, 25), (4, 5), (6, 40)]:
            with at(days, 20):
                PaymentFactory(donation__fund=fund, donation__amount_pence=pounds * 100)

    def _add_pages(self):
        self.who = self._page("Who we are", "Neighbours who want to keep their library.", self._who_we_are)
        self.plans = self._page("What the council plans", "Who decides, when, and what it would cost.", self._plans)
        self._page("Come along", "Where to find us on Saturdays.", self._come)
        self.hebrew = PageFactory(title="מי אנחנו", slug="mi-anachnu", language="he", publish=False)
        self.memories = PageFactory(title="Your memories of the library", slug="memories", publish=False)
        on_page = {"parent": self.memories, "region": "main"}
        Text.objects.create(ordering=10, html="<h2>YOUR STORIES</h2><p>TODO: ask Leah for hers.</p>", **on_page)
        PictureBlock.objects.create(ordering=20, **on_page)
        Fact.objects.create(ordering=30, claim="Two in three of us learned to read there.", **on_page)

    def _page(self, title, summary, add_blocks):
        with at(31, 18, 30):
            page = PageFactory(title=title, slug=title.lower().replace(" ", "-"), summary=summary, publish=False)
            add_blocks({"parent": page, "region": "main"})
            page.publish(self.miriam, note="First version")
        return page

    def _who_we_are(self, on_page):
        Text.objects.create(ordering=10, html=WHO_WE_ARE, **on_page)
        PictureBlock.objects.create(ordering=20, picture=self.pictures[3], caption="Wick Lane Library", **on_page)
        quotation = {"words": "I came in for the warmth and stayed for the atlases.", "speaker": "A reader, aged nine"}
        Quotation.objects.create(ordering=30, **quotation, **on_page)
        Embed.objects.create(ordering=40, target=f"pledges.pledge:{self.pledge.pk}", **on_page)

    def _plans(self, on_page):
        Text.objects.create(
            ordering=10,
            html="<h2>When they decide</h2><p>The council votes on the plan in January. "
            "Until then, it reads what people write.</p>",
            **on_page,
        )
        fact = {"claim": "Closing the library would save £61,000 a year.", "source": "The council’s draft budget"}
        Fact.objects.create(ordering=20, dated="October 2026", **fact, **on_page)
        Text.objects.create(ordering=30, html="<p>There are forty seats, and most days they are full.</p>", **on_page)

    def _come(self, on_page):
        Text.objects.create(ordering=10, html="<p>We meet at the stall, from ten to noon.</p>", **on_page)

    def _add_work(self):
        with at(8, 20, 15):
            text = Text.objects.get(parent=self.plans, ordering=30)
            text.html = "<p>There are fifty seats, and most days all of them are full.</p>"
            text.save()
            Page.objects.get(pk=self.plans.pk).publish(self.miriam, note="More seats than we thought")
        with at(3, 21, 5):
            fact = Fact.objects.get(parent=self.plans)
            fact.claim = "Closing the library would save £52,000 a year, and cost £80,000 once."
            fact.save()
            Page.objects.get(pk=self.plans.pk).publish(self.tom, note="New figures from the council")
        with at(0, 18, 50):
            text.html = "<p>There are fifty seats, and on most days people wait for one.</p>"
            text.save()
        Page.objects.get(slug="come-along").publish(self.tom, live_at=NOW + timedelta(days=3), note="Winter times")
        about = {"model": "pages.page", "object_id": self.who.pk}
        Presence.objects.create(form_id="00000000-0000-4000-8000-000000000001", organiser=self.tom, **about)
        ClosedTour.objects.create(user=self.miriam)
        self._add_request()
        self._add_log()

    def _add_request(self):
        with at(0, 18, 5):
            export = Export.objects.create(pledge=self.pledge, purpose="delivery")
            self.request = ApprovalRequest.draft(EXPORT, self.nadia, about=export, subject=export.pk)
            export.approval = self.request
            export.save()
            people = self.request.described.people(self.request)
            self.request.submit(people, "We hand the pledge over on 3 December.", timezone.now())

    def _add_log(self):
        acts = [
            (3, 21, self.tom, Act.CHANGE, self.plans, {"fields": ["claim"]}),
            (2, 9, self.nadia, Act.SIGN_IN, self.nadia, {}),
            (2, 18, self.miriam, Act.CHANGE, self.who, {"fields": ["summary", "title"]}),
            (1, 20, self.nadia, Act.SEND_AGAIN, None, {}),
            (0, 17, self.tom, Act.SIGN_IN, self.tom, {}),
        ]
        for days, hour, organiser, act, about, detail in acts:
            with at(days, hour, 12):
                record(organiser, act, about, **detail)
