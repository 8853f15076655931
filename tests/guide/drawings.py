"""Drawings for the media library in place of photographs, so that no real person is shown."""

from PIL import Image, ImageDraw

SIZE = (1200, 800)
SKY, PAPER, BRICK, STONE, GREEN, INK = "#cfe6f3", "#f5efe2", "#b5573c", "#e6d9c3", "#5f8f57", "#24364a"
SPINES = ["#b5573c", "#2f6f8f", "#d9a441", "#5f8f57", "#7a4f7d", "#24364a"]


def library():
    """Return a brick library with a door and tall windows."""
    image, draw = _paper(SKY)
    draw.rectangle((0, 640, 1200, 800), fill=GREEN)
    draw.rectangle((200, 300, 1000, 680), fill=BRICK)
    draw.polygon([(160, 300), (600, 120), (1040, 300)], fill=STONE)
    for left in (260, 400, 700, 840):
        draw.rectangle((left, 380, left + 90, 600), fill=SKY, outline=STONE, width=12)
    draw.rectangle((540, 430, 660, 680), fill=INK)
    return image


def shelves():
    """Return three shelves of books."""
    image, draw = _paper(PAPER)
    for row, base in enumerate((260, 520, 780)):
        for place in range(24):
            left, height = 20 + place * 48, 150 + (place * 37 + row * 53) % 70
            draw.rectangle((left, base - height, left + 40, base), fill=SPINES[(place * 5 + row) % len(SPINES)])
        draw.rectangle((0, base, 1200, base + 20), fill=INK)
    return image


def reading_room():
    """Return a table with an open book under a lamp."""
    image, draw = _paper(PAPER)
    draw.rectangle((0, 600, 1200, 800), fill=BRICK)
    draw.polygon([(420, 600), (600, 540), (780, 600), (600, 640)], fill="white", outline=INK, width=6)
    draw.line((600, 540, 600, 640), fill=INK, width=6)
    draw.polygon([(520, 240), (680, 240), (760, 360), (440, 360)], fill="#d9a441")
    draw.line((600, 0, 600, 240), fill=INK, width=8)
    return image


def stall():
    """Return a market stall with leaflets."""
    image, draw = _paper(SKY)
    draw.rectangle((0, 660, 1200, 800), fill=STONE)
    for stripe in range(8):
        colour = BRICK if stripe % 2 else "white"
        draw.polygon([(200 + stripe * 100, 200), (300 + stripe * 100, 200), (300 + stripe * 100, 330),
                      (200 + stripe * 100, 330)], fill=colour)  # fmt: skip
    for left in (215, 965):
        draw.rectangle((left, 330, left + 20, 700), fill=INK)
    draw.rectangle((180, 520, 1020, 640), fill=GREEN)
    for left in range(240, 960, 90):
        draw.rectangle((left, 470, left + 50, 530), fill="white", outline=INK, width=4)
    return image


def _paper(colour):
    image = Image.new("RGB", SIZE, colour)
    return image, ImageDraw.Draw(image)
