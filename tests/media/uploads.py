"""Uploads for tests, good and hostile, all made by code and named after their contents."""

import base64
import io
import struct
import zipfile
import zlib

from PIL import Image, ImageCms, PngImagePlugin

PLACE = "PLACE-AND-CAMERA"  # must not survive cleaning
RTL = "\u202e"
# 64 × 48 pixels, blue on the left and red on the right, with GPS data and a maker in its EXIF data.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAA"
    "AAAERAAAIAAQAAAAAB4gABAAAAAAAAACUAAgAAAAACBwABAAAAAAAAAIAAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVp"
    "bmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGE"
    "ABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkA"
    "AAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEH"
    "BpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAABppcmVmAAAAAAAAAA5jZHNjAAIAAQABAAAArW1kYXQAAAAhKAGvGYDvSaW/"
    "/+7aYR9NEb9SyF4XxCUf9g1ee8/o21vAAAAABkV4aWYAAE1NACoAAAAIAAMBDwACAAAADQAAADIBEgADAAAAAQAGAACIJQAEAAAAAQAAAEAAAA"
    "AAQ0FNRVJBLU1BS0VSAAAAAgABAAIAAAACTgAAAAACAAUAAAADAAAAXgAAAAAAAAAzAAAAAQAAAB4AAAABAAAAAAAAAAE="
)
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n{} loop\n"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def picture(mode="RGB", size=(64, 48), colour=None, file_format="PNG", **options):
    """Return the bytes of a picture of one colour."""
    image = Image.new(mode, size, colour or 0)
    return saved(image, file_format, **options)


def saved(image, file_format="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def halves(size=(64, 48)):
    """Return a picture that is blue on the left and red on the right."""
    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((20, 20, 220), (0, 0, size[0] // 2, size[1]))
    return image


def photograph(orientation=1, **options):
    """Return a JPEG with a place, a camera and an orientation in its EXIF data, and a comment."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, PLACE
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    return saved(halves(), "JPEG", exif=exif, comment=PLACE.encode(), **options)


def chunk(kind, content):
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def huge_png(width, height):
    """Return a PNG of a few bytes that claims to be this large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def png_with_text():
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", PLACE)
    text.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{PLACE}</x:xmpmeta>")
    return saved(halves(), "PNG", pnginfo=text)


def text_bomb():
    """Return a PNG whose comment unpacks to 100 MB."""
    good = picture()
    packed = b"Comment\0\0" + zlib.compress(b"\0" * 100_000_000)
    return good[:33] + chunk(b"zTXt", packed) + good[33:]


def palette():
    image = halves().convert("P", palette=Image.Palette.ADAPTIVE, colors=8)
    return saved(image, "PNG", transparency=0)


def moving(file_format):
    frames = [halves(), halves().rotate(180)]
    return saved(frames[0], file_format, save_all=True, append_images=frames[1:], duration=100)


def two_pictures():
    """Return an MPO: a JPEG with a second picture, as some cameras write it."""
    return saved(halves(), "MPO", save_all=True, append_images=[halves().rotate(180)])


def with_profile(profile=None):
    own = profile or ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return saved(halves(), "JPEG", icc_profile=own)


def office(parts, first=()):
    """Return a ZIP archive with these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*first, *parts.items()]:
            archive.writestr(name, content)
    return buffer.getvalue()


def docx(**more):
    return office({"[Content_Types].xml": f'<Override ContentType="{TYPES}"/>', "word/document.xml": "<w/>"} | more)


def xlsx(**more):
    return office({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"} | more)


def odt(**more):
    first = [("mimetype", "application/vnd.oasis.opendocument.text")]
    return office({"content.xml": "<office/>"} | more, first)


def overlapping_docx():
    """Return a DOCX whose members share the same bytes, as in Fifield's "A better zip bomb" (2019)."""
    good = docx(**{f"word/{number}": "x" * 5000 for number in range(40)})
    return good.replace(struct.pack("<I", len(zlib.compress(b"x" * 5000)) - 6), struct.pack("<I", 4000))


def zip_bomb():
    """Return a DOCX with a member that unpacks to 30 MB."""
    return docx(**{"word/big": b"\0" * 30_000_000})


def many_members():
    return docx(**{f"word/{number}": b"" for number in range(5_001)})


def made(upload):
    """Return the name and contents of an upload, and the expected result; make the contents if that takes long."""
    name, contents, expected = upload
    return name, contents() if callable(contents) else contents, expected


# The name and contents of each upload, or the function that makes them, and the expected result: None for a clean
# picture, or part of the refusal.
PICTURES = {
    "photograph with GPS": ("p.jpg", photograph(), None),
    **{f"orientation {number}": ("p.jpg", photograph(number), None) for number in range(2, 9)},
    "orientation 99": ("p.jpg", photograph(99), None),
    "progressive": ("p.jpg", photograph(progressive=True), None),
    "HEIC with GPS": ("p.heic", HEIC, None),
    "HEIC named .jpg": ("p.jpg", HEIC, None),
    "comments and XMP": ("p.png", png_with_text(), None),
    "HTML appended": ("p.png", picture() + HTML, None),
    "HTML inside a comment": ("p.jpg", saved(halves(), "JPEG", comment=HTML), None),
    "ZIP appended": ("p.jpg", photograph() + docx(), None),
    "CMYK": ("p.jpg", saved(halves().convert("CMYK"), "JPEG"), None),
    "16 bits": ("p.png", picture("I;16", colour=40_000), None),
    "one bit": ("p.png", picture("1"), None),
    "grey with transparency": ("p.png", picture("LA"), None),
    "palette with transparency": ("p.png", palette(), None),
    "transparent WebP": ("p.webp", picture("RGBA", file_format="WEBP"), None),
    "profile": ("p.jpg", with_profile(), None),
    "damaged profile": ("p.jpg", with_profile(b"not a profile"), None),
    "two pictures in one": ("p.jpg", two_pictures(), None),
    "one pixel": ("p.png", picture(size=(1, 1)), None),
    "12,000 × 1": ("p.png", picture(size=(12_000, 1)), None),
    "1 × 12,000": ("p.png", picture(size=(1, 12_000)), None),
    "null in its name": ("a\0.jpg", photograph(), None),
    "right-to-left override in its name": (f"{RTL}gpj.exe", photograph(), None),
    "300 characters in its name": ("n" * 300 + ".jpg", photograph(), None),
    "path in its name": ("../../etc/passwd.jpg", photograph(), None),
    "moving PNG": ("p.png", moving("PNG"), "is animated"),
    "moving WebP": ("p.webp", moving("WEBP"), "is animated"),
    "GIF": ("p.gif", moving("GIF"), "GIF"),
    "truncated JPEG": ("p.jpg", saved(halves((600, 400)), "JPEG")[:-300], "damaged"),
    "truncated PNG": ("p.png", picture(size=(300, 300), colour="red")[:-60], "damaged"),
    "truncated WebP": ("p.webp", saved(halves(), "WEBP", lossless=True)[:-20], "damaged"),
    "truncated HEIC": ("p.heic", HEIC[:-60], "damaged"),
    "header only": ("p.jpg", b"\xff\xd8\xff", "damaged"),
    "empty": ("p.jpg", b"", "empty"),
    "60,000 × 60,000 in a few bytes": ("p.png", huge_png(60_000, 60_000), "too many pixels"),
    "12,000 × 12,000 in a few bytes": ("p.png", huge_png(12_000, 12_000), "too many pixels"),
    "6,000 × 6,000 in a few bytes": ("p.png", huge_png(6_000, 6_000), "damaged"),
    "comment that unpacks to 100 MB": ("p.png", text_bomb, "damaged"),
    "EPS named .jpg": ("p.jpg", EPS, "PostScript"),
    "SVG named .png": ("p.png", SVG, "SVG"),
    "HTML named .jpg": ("p.jpg", HTML, "web page"),
    "program named .jpg": ("p.jpg", b"MZ" + b"\0" * 200, "program"),
    "script named .png": ("p.png", b"#!/bin/sh\nrm -rf /\n", "program"),
    "PDF named .png": ("p.png", PDF, "Documents"),
    "DOCX named .jpg": ("p.jpg", docx(), "Documents"),
    "TIFF": ("p.tif", picture(file_format="TIFF"), "TIFF"),
    "BMP": ("p.bmp", picture(file_format="BMP"), "BMP"),
    "text": ("p.jpg", b"just words", "can use"),
}
DOCUMENTS = {
    "PDF": ("d.pdf", PDF, "pdf"),
    "PDF named .exe": ("d.exe", PDF, "pdf"),
    "DOCX": ("d.docx", docx(), "docx"),
    "DOCX with Hebrew name": ("מכתב.docx", docx(), "docx"),
    "XLSX": ("d.xlsx", xlsx(), "xlsx"),
    "ODT": ("d.odt", odt(), "odt"),
    "CSV": ("d.csv", b"name,number\r\nA,1\r\n", "csv"),
    "CSV in Windows-1252": ("d.csv", "name;pounds\r\nA;£1\r\n".encode("cp1252"), "csv"),
    "text": ("d.txt", "Words — plain".encode(), "txt"),
    "text in UTF-16": ("d.txt", "Words".encode("utf-16"), "txt"),
    "override and null in its name": (f"a{RTL}b\0.txt", b"Words", "txt"),
}
REFUSED_DOCUMENTS = {
    "truncated PDF": ("d.pdf", PDF[:-20], "damaged"),
    "PDF and HTML": ("d.pdf", PDF.replace(b"1 0 obj", b"%<script>alert(1)</script>\n1 0 obj"), "something else"),
    "PDF and ZIP": ("d.pdf", PDF + docx(), "something else"),
    "PDF with JavaScript": ("d.pdf", PDF.replace(b"<<>>", b"<</S/JavaScript/JS(app.alert(1))>>"), "program"),
    "DOCM named .docx": ("d.docx", docx(**{"word/vbaProject.bin": b"x"}), "macro"),
    "macro types only": ("d.docx", docx(**{"[Content_Types].xml": "ms-word.document.macroEnabled.main+xml"}), "macro"),
    "XLSX with ActiveX": ("d.xlsx", xlsx(**{"xl/activeX/activeX1.xml": b"x"}), "macro"),
    "ODT with Basic": ("d.odt", odt(**{"Basic/Standard/Module1.xml": b"x"}), "macro"),
    "ZIP": ("d.docx", office({"a.exe": b"MZ"}), "can use"),
    "ZIP bomb named .docx": ("d.docx", zip_bomb, "far too large"),
    "many members": ("d.docx", many_members, "far too large"),
    "overlapping members": ("d.docx", overlapping_docx(), "far too large"),
    "truncated DOCX": ("d.docx", docx()[:-30], "damaged"),
    "ZIP header only": ("d.docx", b"PK\x03\x04", "damaged"),
    "old Word": ("d.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Office"),
    "RTF": ("d.rtf", b"{\\rtf1 words}", "old Office"),
    "SVG named .txt": ("d.txt", SVG, "SVG"),
    "HTML named .csv": ("d.csv", b"a,b\n1,<script>alert(1)</script>", "web page"),
    "HTML in UTF-16": ("d.txt", "<html><script>x</script>".encode("utf-16"), "web page"),
    "program": ("d.txt", b"\x7fELF" + b"\0" * 100, "program"),
    "bytes": ("d.txt", bytes(range(256)), "can use"),
    "spaces": ("d.txt", b"   \n", "can use"),
    "picture": ("d.pdf", photograph(), "Pictures"),
    "PostScript": ("d.pdf", EPS, "PostScript"),
    "GZIP": ("d.txt", b"\x1f\x8b\x08" + b"\0" * 50, "archive"),
}
