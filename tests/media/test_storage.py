"""MEDIA_STORAGE: a folder, or a bucket of an S3-compatible server."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec

import pytest
from django.core.exceptions import ImproperlyConfigured

from campaign.media.storage import storage_at
from tests.checkouts import HERE
from tests.sizes import FULL

needs_server = pytest.mark.skipif(not (FULL and find_spec("moto")), reason="make prove, with moto[server] installed")


def test_a_path_is_a_folder():
    assert storage_at("/srv/media")["OPTIONS"] == {"location": "/srv/media"}


@pytest.mark.parametrize(
    "address",
    ["ftp://host/x", "s3://", "s3://bucket?endpont=https://x", "s3://k:sEcReT@bucket?x", "s3://k:sEcReT@[bucket"],
)
def test_an_unusable_address_stops_the_site_without_showing_the_secret(address):
    with pytest.raises(ImproperlyConfigured, match="MEDIA_STORAGE") as raised:
        storage_at(address)

    assert "sEcReT" not in str(raised.value)


@pytest.mark.skipif(not find_spec("boto3"), reason="requirements-s3.txt is not installed")
def test_the_address_of_a_bucket_is_parsed_into_settings():
    found = storage_at("s3://key:a%2Fb@Bucket/some/folder?endpoint=https://s3.example.org&region=eu-west-2")["OPTIONS"]

    assert (found["bucket_name"], found["location"]) == ("Bucket", "some/folder")
    assert (found["access_key"], found["secret_key"]) == ("key", "a/b")
    assert (found["endpoint_url"], found["region_name"]) == ("https://s3.example.org", "eu-west-2")


WORK = """
import json, django
from django.conf import settings
from campaign.media.storage import storage_at
import os
settings.configure(STORAGES={"default": storage_at(os.environ["MEDIA_STORAGE"])}, USE_TZ=True,
    INSTALLED_APPS=["campaign.media"], DEFAULT_AUTO_FIELD="django.db.models.BigAutoField")
django.setup()
import boto3
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=int(os.environ["S3_PORT"]))
server.start()
boto3.client("s3", endpoint_url="http://127.0.0.1:" + os.environ["S3_PORT"], region_name="us-east-1",
    aws_access_key_id="k", aws_secret_access_key="s").create_bucket(Bucket="hub")
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from campaign.media.library import delete_folder
default_storage.save("key/480.webp", ContentFile(b"one"))
default_storage.save("key/960.webp", ContentFile(b"two"))
read = default_storage.open("key/960.webp").read().decode()
delete_folder("key")
try:
    default_storage.open("key/960.webp").read()
    gone = False
except FileNotFoundError:
    gone = True
server.stop()
print(json.dumps({"read": read, "gone": gone}))
"""


@needs_server
def test_files_are_stored_read_and_deleted_on_an_s3_compatible_server():
    environment = os.environ | {
        "MEDIA_STORAGE": "s3://k:s@hub/folder?endpoint=http://127.0.0.1:5987&region=us-east-1",
        "S3_PORT": "5987",
    }
    ran = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", WORK], env=environment, cwd=HERE, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.splitlines()[-1]) == {"read": "two", "gone": True}
