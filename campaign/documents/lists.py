"""List items gathered into lists, which may be nested."""

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
    """Items that belong together. Each numbered list starts at 1."""

    numbered: bool
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Placed:
    """A block with its numbered list's number, from 1, and its own number in the list. Both are 0 for other blocks."""

    block: Block
    list_number: int = 0
    number: int = 0


def depth(block: Block) -> int:
    """Return how deeply the item is nested, from 0 to the deepest level for which we have a style."""
    return min(block.level, LEVELS - 1)


def gather(blocks: Sequence[Block]) -> list[Block | List]:
    """Return the blocks in order, with lists in place of their items. A block that isn't an item ends a list."""
    left, nodes = deque(blocks), list[Block | List]()
    while left:
        nodes.append(_list(left) if left[0].kind in KINDS else left.popleft())
    return nodes


def placed(blocks: Sequence[Block]) -> Iterator[Placed]:
    """Yield the blocks in order, each with its place in the numbered lists."""
    return _placed(gather(blocks), count(1))


def _list(left: deque[Block]) -> List:
    """Remove the items of the list that starts with the first of the remaining blocks, and return the list."""
    first, level = left[0], depth(left[0])
    result = List(first.kind == "number")
    while left and left[0].kind in KINDS and depth(left[0]) >= level:
        if depth(left[0]) > level:
            result.items[-1].lists.append(_list(left))
        elif result.items and (left[0].kind != first.kind or left[0].restart):
            break
        else:
            result.items.append(Item(left.popleft()))
    return result


def _placed(nodes: Iterable[Block | List], lists: Iterator[int]) -> Iterator[Placed]:
    for node in nodes:
        if isinstance(node, Block):
            yield Placed(node)
            continue
        list_number = next(lists) if node.numbered else 0
        for number, item in enumerate(node.items, 1):
            yield Placed(item.block, list_number, number if node.numbered else 0)
            yield from _placed(item.lists, lists)
