"""Files to upload, made from their parts: honest ones of each kind."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Final

TYPES: Final = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}


def package(parts: Mapping[str, bytes | str]) -> bytes:
    """A zip with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def office_parts(kind: str) -> dict[str, bytes | str]:
    """The parts of a small Word or Excel file."""
    main = "word/document.xml" if kind == "docx" else "xl/workbook.xml"
    return {
        "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/{main}" ContentType="{TYPES[kind]}"/></Types>',
        "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
        main: '<?xml version="1.0"?><root>Policy</root>',
    }


def docx(**more: bytes | str) -> bytes:
    return package({**office_parts("docx"), **more})


def xlsx(**more: bytes | str) -> bytes:
    return package({**office_parts("xlsx"), **more})


def pdf(extra: bytes = b"", after: bytes = b"") -> bytes:
    """A PDF of one empty page; `extra` goes into its catalogue, `after` behind its end."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + extra + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
    ]
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % table + after
