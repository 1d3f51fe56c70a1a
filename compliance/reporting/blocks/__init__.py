"""From facts to blocks of a document: one small function for each block that an outline may name."""

from compliance.reporting.blocks import (
    author,
    background,
    closing,
    first_page,
    followed_up,
    gaps,
    principles,
    public_record,
    strengths,
    withheld,
)
from compliance.reporting.blocks.registry import BLOCKS, FRAME, NAMING, BlockType, Needs

__all__ = [
    "BLOCKS",
    "FRAME",
    "NAMING",
    "BlockType",
    "Needs",
    "author",
    "background",
    "closing",
    "first_page",
    "followed_up",
    "gaps",
    "principles",
    "public_record",
    "strengths",
    "withheld",
]
