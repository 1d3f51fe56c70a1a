"""From facts to blocks of a document: one small function for each block that an outline may name."""

from compliance.reporting.blocks import background, closing, first_page, gaps, principles, public_record, strengths
from compliance.reporting.blocks.registry import BLOCKS, FRAME, BlockType, Needs

__all__ = [
    "BLOCKS",
    "FRAME",
    "BlockType",
    "Needs",
    "background",
    "closing",
    "first_page",
    "gaps",
    "principles",
    "public_record",
    "strengths",
]
