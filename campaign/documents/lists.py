"""Blocks that are items, gathered into lists, one in another."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from campaign.documents.blocks import Block

KINDS = ("bullet", "number")
LEVELS = 3


@dataclass
class Item:
    """An item, and the lists inside it."""

    block: Block
    lists: list["List"] = field(default_factory=list)


@dataclass
class List:
    """Items that belong together; each numbered list begins at 1."""

    numbered: bool
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Placed:
    """A block with the number of its numbered list, from 1, and its own number in it; both are 0 for all others."""

    block: Block
    list_number: int = 0
    number: int = 0


def depth(block: Block) -> int:
    """How deep the item stands, from 0; what is deeper than we have styles for stands with the deepest."""
    return min(block.level, LEVELS - 1)


def gather(blocks: Sequence[Block]) -> list[Block | List]:
    """The blocks in their order, with a list in the place of its items. What is no item ends a list."""
    left, found = deque(blocks), list[Block | List]()
    while left:
        found.append(_list(left) if left[0].kind in KINDS else left.popleft())
    return found


def placed(blocks: Sequence[Block]) -> Iterator[Placed]:
    """The blocks in their order, each with its place in the numbered lists."""
    return _placed(gather(blocks), count(1))


def _list(left: deque[Block]) -> List:
    """The list that begins with the first block, which it takes away with the others that it holds."""
    first, level = left[0], depth(left[0])
    found = List(first.kind == "number")
    while left and left[0].kind in KINDS and depth(left[0]) >= level:
        if depth(left[0]) > level:
            found.items[-1].lists.append(_list(left))
        elif found.items and (left[0].kind != first.kind or left[0].restart):
            break
        else:
            found.items.append(Item(left.popleft()))
    return found


def _placed(nodes: Iterable[Block | List], lists: Iterator[int]) -> Iterator[Placed]:
    for node in nodes:
        if isinstance(node, Block):
            yield Placed(node)
            continue
        list_number = next(lists) if node.numbered else 0
        for number, item in enumerate(node.items, 1):
            yield Placed(item.block, list_number, number if node.numbered else 0)
            yield from _placed(item.lists, lists)
