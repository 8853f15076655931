"""Create mailings, their deliveries, and the rates at which they are sent."""


import campaign.mailings.models.content
import campaign.text.languages
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mailing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('draft_changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False, verbose_name='draft last changed')),
                ('facts_changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=django.utils.timezone.now, editable=False, verbose_name='facts last changed')),
                ('subject', models.CharField(help_text='What people see in their inbox. It may appear on a locked screen, so write nothing unsafe here.', max_length=100, verbose_name='subject')),
                ('preheader', models.CharField(blank=True, help_text='Mail programs show it after the subject. If it is empty, they show the start of the message.', max_length=150, verbose_name='first line in the inbox')),
                ('language', models.CharField(default='en-gb', help_text='The language that you write in. Our own labels stay in English.', max_length=16, verbose_name='language')),
                ('audience', models.CharField(default='everybody', help_text='People who have unsubscribed, and addresses that we must not write to, are always left out.', max_length=60, verbose_name='who gets it')),
                ('region', models.CharField(blank=True, choices=campaign.mailings.models.content.region_choices, help_text='People whose constituency we don’t know are left out.', max_length=30, verbose_name='only in this nation or region')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('waiting', 'waiting for approval'), ('scheduled', 'scheduled'), ('filling', 'collecting the addresses'), ('sending', 'being sent'), ('paused', 'paused'), ('halted', 'halted by the site'), ('stopped', 'stopped'), ('sent', 'sent')], default='draft', editable=False, max_length=9, verbose_name='state')),
                ('version', models.PositiveIntegerField(editable=False, null=True, verbose_name='version that is sent')),
                ('send_at', models.DateTimeField(blank=True, help_text='Leave this empty to send it once it has been approved.', null=True, verbose_name='send at')),
                ('started_at', models.DateTimeField(editable=False, null=True, verbose_name='started')),
                ('finished_at', models.DateTimeField(editable=False, null=True, verbose_name='finished')),
                ('halted_because', models.CharField(blank=True, choices=[('spam', 'too many people marked it as spam'), ('bounces', 'too many addresses don’t exist')], editable=False, max_length=7, verbose_name='halted because')),
                ('problem', models.CharField(blank=True, editable=False, max_length=100, verbose_name='problem with the mail server')),
                ('totals', models.JSONField(blank=True, default=dict, editable=False, verbose_name='totals')),
                ('constituency', models.ForeignKey(blank=True, help_text='People whose constituency we don’t know are left out.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='places.constituency', verbose_name='only in this constituency')),
            ],
            options={
                'verbose_name': 'mailing',
                'verbose_name_plural': 'mailings',
                'ordering': ['-pk'],
                'permissions': [('send_mailing', 'Can request and approve sending a mailing, and pause or stop it')],
            },
            bases=(campaign.text.languages.InLanguage, models.Model),
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.BinaryField(max_length=32, verbose_name='person')),
                ('source', models.CharField(max_length=40, verbose_name='where the address came from')),
                ('row', models.UUIDField(verbose_name='key in the source')),
                ('domain_hash', models.BinaryField(max_length=8, verbose_name='receiving domain')),
                ('state', models.CharField(choices=[('queued', 'waiting'), ('claimed', 'being sent'), ('sent', 'sent'), ('refused', 'refused by the mail server'), ('unknown', 'unknown'), ('skipped', 'no longer wanted')], default='queued', max_length=8, verbose_name='state')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next attempt')),
                ('claimed_at', models.DateTimeField(null=True, verbose_name='last attempt')),
                ('worker', models.PositiveIntegerField(null=True, verbose_name='number of the worker')),
                ('done_at', models.DateTimeField(null=True, verbose_name='finished')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('code', models.CharField(blank=True, max_length=100, verbose_name='the mail server’s codes')),
                ('bounce', models.CharField(blank=True, choices=[('hard', 'came back: no such mailbox'), ('soft', 'came back for another reason')], max_length=4, verbose_name='bounce')),
                ('is_spam', models.BooleanField(default=False, verbose_name='marked as spam')),
                ('is_unsubscribed', models.BooleanField(default=False, verbose_name='unsubscribed through this message')),
                ('mailing', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='mailings.mailing')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Pace',
            fields=[
                ('domain_hash', models.BinaryField(max_length=8, primary_key=True, serialize=False)),
                ('free_at', models.DateTimeField(verbose_name='free from')),
            ],
            options={
                'verbose_name': 'sending rate',
                'verbose_name_plural': 'sending rates',
                'indexes': [models.Index(fields=['free_at'], name='pace_free_at')],
            },
        ),
        migrations.AddIndex(
            model_name='mailing',
            index=models.Index(fields=['state', 'send_at'], name='mailings_by_state'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['mailing', 'state'], name='deliveries_by_state'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'queued')), fields=['mailing', 'due_at', 'id'], name='deliveries_queued'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'claimed')), fields=['worker'], name='deliveries_claimed'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(models.Q(('bounce', ''), _negated=True), ('is_spam', True), ('is_unsubscribed', True), _connector='OR'), fields=['mailing'], name='deliveries_marked'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['source', 'row'], name='deliveries_by_row'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('person', 'mailing'), name='one_delivery_a_person'),
        ),
    ]
