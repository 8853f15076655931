"""A browser that renders pages as identically as possible on every machine, and saves pictures as small files."""

import os
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageOps

from tests.checkouts import HERE
from tests.conftest import FLAGS
from tests.guide.site import NOW

WINDOW = {"width": 1080, "height": 760}
MARGIN, PAPER = 12, "white"
# Keep the buttons at the end of the form, instead of over the text, and draw no ring round a focused box.
STYLE = ".submit-row { position: static !important } :focus { outline: none !important; box-shadow: none !important }"
BOX = """(part) => {
  const { left, right, top, bottom } = part.getBoundingClientRect();
  return { left, right, top: top + scrollY, bottom: bottom + scrollY };
}"""
MENU_IS_SHUT = "localStorage.setItem('django.admin.navSidebarIsOpen', 'false')"
# Use our own copy of Noto Sans instead of the machine's fonts. Hinting is off too, as it differs between machines.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{ours}</dir><include ignore_missing="yes">/etc/fonts/fonts.conf</include><cachedir>{cache}</cachedir>
  {aliases}
</fontconfig>"""
ALIAS = """<match target="pattern"><test name="family"><string>{family}</string></test>
  <edit name="family" mode="prepend" binding="strong"><string>Noto Sans</string></edit></match>"""
FAMILIES = ("system-ui", "sans-serif", "Segoe UI", "Roboto", "Helvetica Neue", "Arial")


def launch(playwright, chromium_path, folder):
    """Start a browser that uses the repository's font; `folder` receives its configuration and cache of fonts."""
    fonts = Path(folder) / "fonts.conf"
    aliases = "".join(ALIAS.format(family=family) for family in FAMILIES)
    fonts.write_text(FONTS.format(ours=HERE / "campaign/documents/fonts", cache=folder, aliases=aliases))
    flags = [*FLAGS, "--font-render-hinting=none", "--disable-lcd-text", "--force-color-profile=srgb", "--lang=en-GB"]
    flags += ["--no-sandbox"] if os.geteuid() == 0 else []
    environment = {**os.environ, "FONTCONFIG_FILE": str(fonts), "TZ": "Europe/London", "LANGUAGE": "en_GB"}
    return playwright.chromium.launch(executable_path=chromium_path, args=flags, env=environment)


def open_page(browser, live_server, cookies):
    """Return a page in a new window, whose scripts see the time of the pictures."""
    context = browser.new_context(
        viewport=WINDOW,
        base_url=live_server.url,
        device_scale_factor=1,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/London",
        color_scheme="light",
        bypass_csp=True,  # needed for STYLE
    )
    context.add_init_script(MENU_IS_SHUT)
    context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    return page


def photograph(page, *parts, height=None):
    """Return a picture of the part of the page that these locators cover, at most `height` pixels high."""
    page.wait_for_load_state("networkidle")
    page.add_style_tag(content=STYLE)
    boxes = [one.evaluate(BOX) for part in parts for one in part.all() if one.is_visible()]
    assert boxes, f"There is nothing to show at {page.url}"
    left, top = (min(box[side] for box in boxes) for side in ("left", "top"))
    right, bottom = (max(box[side] for box in boxes) for side in ("right", "bottom"))
    clip = {"x": left, "y": top, "width": right - left, "height": min(bottom - top, height or bottom)}
    shot = page.screenshot(clip=clip, full_page=True, animations="disabled", caret="hide")
    return framed(Image.open(BytesIO(shot)).convert("RGB"))


def framed(image):
    """Return a picture with its blank edges replaced by the same margin on each side."""
    blank = Image.new("RGB", image.size, PAPER)
    inked = image.crop(ImageChops.difference(image, blank).getbbox())
    return ImageOps.expand(inked, MARGIN, PAPER)


def save(image, path):
    """Save a picture of a screen as a small file."""
    image.save(path, "WEBP", quality=72, method=6)
