"""Reports: facts → document → files. Facts are plain data, a document is blocks in one language, renderers lay it out.

Nothing here reads the database, the clock or the network; the only files read are outlines, templates and fonts,
whose folders are arguments. The renderers are not named here: their libraries take tens of megabytes, which a server
that leaves the laying out to printers (`press`) does not need.
"""

from compliance.reporting.author import AskEdit, no_author, with_author
from compliance.reporting.build import build_document
from compliance.reporting.fonts import FontsMissing
from compliance.reporting.formats import FORMATS, Folders, Format, Report, lay, render
from compliance.reporting.html import render_html
from compliance.reporting.outline import Outline, OutlineError, load_outline, load_outlines
from compliance.reporting.press import Job, Press, Printed, PrintingFailed, make_all, press_for
from compliance.reporting.schema import FactsError, check_facts
from compliance.reporting.shapes import SHAPES, Shape
from compliance.reporting.stored import NotADocument, dump_document, load_document
from compliance.reporting.wording import Changed, differences, text_of

__all__ = [
    "FORMATS",
    "SHAPES",
    "AskEdit",
    "Changed",
    "FactsError",
    "Folders",
    "FontsMissing",
    "Format",
    "Job",
    "NotADocument",
    "Outline",
    "OutlineError",
    "Press",
    "Printed",
    "PrintingFailed",
    "Report",
    "Shape",
    "build_document",
    "check_facts",
    "differences",
    "dump_document",
    "lay",
    "load_document",
    "load_outline",
    "load_outlines",
    "make_all",
    "no_author",
    "press_for",
    "render",
    "render_html",
    "text_of",
    "with_author",
]
