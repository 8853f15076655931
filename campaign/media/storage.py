"""The storage of uploads: a folder, or a bucket on an S3-compatible server, set by MEDIA_STORAGE."""

from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

OPTIONS = {"endpoint", "region"}
EXAMPLE = "s3://KEY:SECRET@BUCKET/FOLDER?endpoint=https://s3.example.org&region=eu-west-2"


def storage_at(address: str) -> dict[str, Any]:
    """Return the entry of STORAGES for MEDIA_STORAGE: the path of a folder, or an address like EXAMPLE.

    Key, secret, folder, endpoint and region may be left out: boto3 then looks in its usual places.
    Raises ImproperlyConfigured, with a message that doesn't repeat the secret.
    """
    if "://" not in address:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": address}}
    try:
        parts = urlsplit(address)
        query = parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError as error:
        raise ImproperlyConfigured(f"MEDIA_STORAGE can't be read. Write it like {EXAMPLE}.") from error
    if parts.scheme != "s3" or not parts.hostname or query.keys() - OPTIONS:
        raise ImproperlyConfigured(f"MEDIA_STORAGE is neither a folder nor an address like {EXAMPLE}.")
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": s3_options(parts, query)}


def s3_options(parts: SplitResult, query: dict[str, list[str]]) -> dict[str, Any]:
    """Return the options for django-storages. The bucket stays private: visitors get files from the site only.

    Raises ImproperlyConfigured if the packages for S3 are not installed.
    """
    try:
        from botocore.config import Config  # large, and needed only here
    except ImportError as error:
        raise ImproperlyConfigured("Run: .venv/bin/pip install -r requirements-s3.txt") from error
    bucket = parts.netloc.rpartition("@")[2]  # `hostname` would make it lower-case
    return {
        "bucket_name": bucket,
        "location": parts.path.strip("/"),
        "access_key": unquote(parts.username) if parts.username else None,
        "secret_key": unquote(parts.password) if parts.password else None,
        "endpoint_url": query.get("endpoint", [None])[0],
        "region_name": query.get("region", [None])[0],
        "querystring_auth": False,
        # Many S3-compatible servers lack virtual hosts and the checksums that boto3 adds by default.
        "client_config": Config(
            s3={"addressing_style": "path"},
            signature_version="s3v4",
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=5,
            read_timeout=20,
            retries={"max_attempts": 3},
        ),
    }
