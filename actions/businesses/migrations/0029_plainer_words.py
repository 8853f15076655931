"""Say more plainly what the fields and rights of businesses mean, and add the right to see senders."""

import actions.businesses.models.domains
import campaign.pages.sources
import campaign.privacy.encrypted_field
import django.core.validators
import django.db.models.deletion
import django_countries.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('businesses', '0028_trust_no_times'),
        ('media', '0002_withdrawn_files'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='commitmentoffer',
            options={'default_permissions': ('view',), 'ordering': ['-asked_at'], 'permissions': [('see_senders', 'Can see who sent an endorsement, a commitment, a reply or a complaint')], 'verbose_name': 'offered commitment', 'verbose_name_plural': 'offered commitments'},
        ),
        migrations.AlterModelOptions(
            name='complaint',
            options={'default_permissions': ('view',), 'ordering': ['-asked_at'], 'permissions': [('handle_complaint', 'Can answer complaints about brands, and hide a claim in the meantime')], 'verbose_name': 'complaint', 'verbose_name_plural': 'complaints'},
        ),
        migrations.AlterModelOptions(
            name='entry',
            options={'default_permissions': ('view',), 'ordering': ['-recorded_at', '-pk'], 'permissions': [('record_entry', 'Can add entries to the brands’ ledger, and correct them'), ('check_entry', 'Can check other organisers’ entries in the brands’ ledger'), ('decide_entry', 'Can request and approve deadlines, the publication of claims, and redactions')], 'verbose_name': 'ledger entry', 'verbose_name_plural': 'brands’ ledger'},
        ),
        migrations.AlterField(
            model_name='ask',
            name='details',
            field=models.TextField(blank=True, help_text='What a business has to do before you count this as done. Leave this blank if the sentence says it all.', max_length=1000, verbose_name='details'),
        ),
        migrations.AlterField(
            model_name='brand',
            name='contact',
            field=campaign.privacy.encrypted_field.EncryptedTextField(blank=True, editable=True, help_text='The company’s e-mail address for notices, such as its press office’s, at one of the company’s domains. If you leave it blank, notices go to the sender of the company’s newest commitment.', null=True, verbose_name='contact address'),
        ),
        migrations.AlterField(
            model_name='brand',
            name='country',
            field=django_countries.fields.CountryField(blank=True, db_default='', default='', help_text='The country of the company’s head office.', max_length=2, verbose_name='country'),
        ),
        migrations.AlterField(
            model_name='brand',
            name='domains',
            field=models.TextField(blank=True, db_default='', default='', help_text='One on each line, such as “example.com”. Only somebody with an e-mail address at one of them can make a commitment for the company.', max_length=1000, validators=[actions.businesses.models.domains.list_of_domains], verbose_name='the company’s domains'),
        ),
        migrations.AlterField(
            model_name='brand',
            name='other_names',
            field=models.CharField(blank=True, db_default='', default='', help_text='Former names, and names in other countries, separated by commas. Visitors can search for them.', max_length=200, verbose_name='other names'),
        ),
        migrations.AlterField(
            model_name='brand',
            name='parent',
            field=models.CharField(blank=True, db_default='', default='', help_text='The company that owns the brand, if it has a different name.', max_length=150, verbose_name='parent company'),
        ),
        migrations.AlterField(
            model_name='brand',
            name='public_address',
            field=models.EmailField(blank=True, db_default='', default='', help_text='The address that the company gives its customers. Visitors see it: never enter a person’s own.', max_length=254, verbose_name='public e-mail address'),
        ),
        migrations.AlterField(
            model_name='brand',
            name='reply_days',
            field=models.PositiveSmallIntegerField(db_default=14, default=14, help_text='How many days the company has to reply before you publish something that speaks against it. They begin when a notice has been delivered. The minimum is fourteen.', validators=[django.core.validators.MinValueValidator(14), django.core.validators.MaxValueValidator(90)], verbose_name='days to reply'),
        ),
        migrations.AlterField(
            model_name='brand',
            name='statement',
            field=models.TextField(blank=True, help_text='The brand’s own words, copied exactly, if any. A reply to a claim belongs in the ledger.', max_length=2000, verbose_name='what the brand says'),
        ),
        migrations.AlterField(
            model_name='calltoaction',
            name='details',
            field=models.TextField(blank=True, help_text='What you ask every business to commit to, and why. Visitors read it at the top of the page for businesses.', verbose_name='details'),
        ),
        migrations.AlterField(
            model_name='commitmentoffer',
            name='level',
            field=models.CharField(choices=[('none', 'No commitment'), ('talks', 'In talks'), ('partial', 'Committed in part'), ('full', 'Committed in full')], max_length=7, verbose_name='level of commitment'),
        ),
        migrations.AlterField(
            model_name='endorsement',
            name='version',
            field=models.PositiveIntegerField(blank=True, editable=False, help_text='The version of the call that the organisation endorsed.', null=True, verbose_name='version number'),
        ),
        migrations.AlterField(
            model_name='endorsementoffer',
            name='version',
            field=models.PositiveIntegerField(null=True, verbose_name='version number'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='archive_url',
            field=models.URLField(blank=True, help_text='Such as a copy at web.archive.org. It stays the same if the company changes its page.', max_length=500, validators=[django.core.validators.URLValidator(schemes=['https'])], verbose_name='link to an archived copy'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='document',
            field=models.ForeignKey(blank=True, help_text='A letter or a screenshot as a PDF. Visitors can download it, so black out people’s names first.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entries', to='media.document', verbose_name='file'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='entered_by',
            field=models.IntegerField(null=True, verbose_name='organiser’s key'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='evidence_url',
            field=models.URLField(blank=True, help_text='The address of the page or document that proves it, starting with https://.', max_length=500, validators=[django.core.validators.URLValidator(schemes=['https']), campaign.pages.sources.a_document], verbose_name='link to the evidence'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='kind',
            field=models.CharField(choices=[('letter', 'letter sent'), ('reminder', 'reminder sent'), ('reply', 'reply'), ('meeting', 'meeting'), ('commitment', 'commitment'), ('kept', 'commitment kept'), ('broken', 'commitment broken'), ('declined', 'declined'), ('no_answer', 'no answer after a reminder'), ('retraction', 'retraction'), ('check', 'check'), ('notice', 'notice delivered'), ('publication', 'claim published'), ('deadline', 'deadline approved'), ('listing', 'brand’s details'), ('hidden', 'hidden while a complaint is examined'), ('shown', 'shown again'), ('received', 'reply received through a link'), ('decided', 'reply published or refused'), ('redacted', 'redacted')], max_length=11, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='level',
            field=models.CharField(blank=True, choices=[('none', 'No commitment'), ('talks', 'In talks'), ('partial', 'Committed in part'), ('full', 'Committed in full')], help_text='“Committed in full” means that the company will do everything you ask by a set date.', max_length=7, verbose_name='level of commitment'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='notice',
            field=models.UUIDField(null=True, verbose_name='notice number'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='request',
            field=models.BigIntegerField(null=True, verbose_name='approval number'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='recipient',
            field=campaign.privacy.encrypted_field.EncryptedTextField(blank=True, null=True, verbose_name='recipient’s address'),
        ),
    ]
