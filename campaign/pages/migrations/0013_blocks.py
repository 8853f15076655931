import campaign.pages.sources
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('media', '0001_pictures_and_documents'),
        ('pages', '0012_hints_and_positions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Columns',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('first', models.TextField(help_text='On the left, or on the right if the language runs that way.', verbose_name='first column')),
                ('second', models.TextField(help_text='Beside the first; on a phone, below it.', verbose_name='second column')),
                ('third', models.TextField(blank=True, help_text='Leave it blank to have two columns.', verbose_name='third column')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'columns',
                'verbose_name_plural': 'columns',
            },
        ),
        migrations.CreateModel(
            name='Download',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('text', models.CharField(blank=True, help_text='A sentence under the link that says what is in the document. You can leave it blank.', max_length=300, verbose_name='text')),
                ('document', models.ForeignKey(help_text='From the media library. Press + to add another. Visitors see its title, kind and size.', null=True, on_delete=django.db.models.deletion.PROTECT, to='media.document', verbose_name='document')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'document to download',
                'verbose_name_plural': 'documents to download',
            },
        ),
        migrations.CreateModel(
            name='Embed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('target', models.CharField(help_text='Visitors see its title, its summary and a button. They see nothing here until it has been published.', max_length=80, verbose_name='what to show')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'card of a pledge, letter, protest, appeal or brand',
                'verbose_name_plural': 'cards of pledges, letters, protests, appeals and brands',
            },
        ),
        migrations.CreateModel(
            name='Figure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('source', models.CharField(help_text='Who published it, its title, and its number if it has one.', max_length=300, verbose_name='source')),
                ('url', models.URLField(blank=True, help_text='The address of the document itself. Leave it blank if the document has none.', max_length=500, validators=[django.core.validators.URLValidator(schemes=['https']), campaign.pages.sources.a_document], verbose_name='link to the source')),
                ('dated', models.CharField(help_text='When the source says that it was published, such as “31 August 2022” or “2021”.', max_length=80, verbose_name='date of the source')),
                ('number', models.CharField(help_text='As visitors read it, such as “1.8 million”, “one in five” or “£250”.', max_length=40, verbose_name='number')),
                ('label', models.CharField(help_text='A few words under the number, such as “people in detention in 2018”, as in the source.', max_length=200, verbose_name='what it counts')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'figure with its source',
                'verbose_name_plural': 'figures with their sources',
            },
        ),
        migrations.CreateModel(
            name='GalleryPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('caption', models.CharField(blank=True, help_text='A sentence under the picture: who, where, when. You can leave it blank.', max_length=300, verbose_name='caption')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
                ('picture', models.ForeignKey(help_text='From the media library. Press + to add another, with the text for people who can’t see it.', null=True, on_delete=django.db.models.deletion.PROTECT, to='media.picture', verbose_name='picture')),
            ],
            options={
                'verbose_name': 'picture of a gallery',
                'verbose_name_plural': 'pictures of a gallery',
            },
        ),
        migrations.CreateModel(
            name='PictureBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('caption', models.CharField(blank=True, help_text='A sentence under the picture: who, where, when. You can leave it blank.', max_length=300, verbose_name='caption')),
                ('size', models.CharField(choices=[('full', 'as wide as the text'), ('half', 'half as wide as the text')], default='full', help_text='On a phone, every picture is as wide as the text.', max_length=4, verbose_name='width')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
                ('picture', models.ForeignKey(help_text='From the media library. Press + to add another, with the text for people who can’t see it.', null=True, on_delete=django.db.models.deletion.PROTECT, to='media.picture', verbose_name='picture')),
            ],
            options={
                'verbose_name': 'picture',
                'verbose_name_plural': 'pictures',
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('question', models.CharField(help_text='As a visitor would ask it, such as “Who sees my name?”', max_length=200, verbose_name='question')),
                ('answer', models.TextField(help_text='Shown when a visitor opens the question. Add one block for each question, one after another.', verbose_name='answer')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'question and answer',
                'verbose_name_plural': 'questions and answers',
            },
        ),
        migrations.CreateModel(
            name='Quotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('words', models.TextField(help_text='Their own words, copied exactly, without quotation marks: the page adds them.', max_length=1000, verbose_name='quotation')),
                ('speaker', models.CharField(blank=True, help_text='Their name, as they agreed to be named. Leave it blank if a name could put them in danger.', max_length=150, verbose_name='who said it')),
                ('about', models.CharField(blank=True, help_text='Shown after the name, such as “rabbi in Leeds” or “in the House of Commons, 22 April 2021”.', max_length=200, verbose_name='about them, or when they said it')),
                ('url', models.URLField(blank=True, help_text='The address where the whole text can be read. Leave it blank if there is none.', max_length=500, validators=[django.core.validators.URLValidator(schemes=['https'])], verbose_name='link to the source')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
            ],
            options={
                'verbose_name': 'quotation',
                'verbose_name_plural': 'quotations',
            },
        ),
        migrations.CreateModel(
            name='VideoLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region', models.CharField(max_length=255)),
                ('ordering', models.IntegerField(default=0)),
                ('caption', models.CharField(blank=True, help_text='A sentence under the picture: who, where, when. You can leave it blank.', max_length=300, verbose_name='caption')),
                ('title', models.CharField(help_text='What the video is called, as visitors read it.', max_length=150, verbose_name='title of the video')),
                ('url', models.URLField(help_text='The address of its page on the other site. Visitors leave this site when they follow it.', max_length=500, validators=[django.core.validators.URLValidator(schemes=['https'])], verbose_name='link to the video')),
                ('duration', models.CharField(blank=True, help_text='In words, such as “3 minutes”.', max_length=40, verbose_name='how long it is')),
                ('parent', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='%(app_label)s_%(class)s_set', to='pages.page')),
                ('picture', models.ForeignKey(help_text='From the media library. Press + to add another, with the text for people who can’t see it.', null=True, on_delete=django.db.models.deletion.PROTECT, to='media.picture', verbose_name='picture')),
            ],
            options={
                'verbose_name': 'video as a picture with a link',
                'verbose_name_plural': 'videos as pictures with a link',
            },
        ),
    ]
