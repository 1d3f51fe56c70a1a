"""Mails as files, and reading them back."""

from __future__ import annotations

import dataclasses
import datetime as dt
import stat

import pytest

from compliance.mail.failures import Unreachable
from compliance.mail.mails import build
from compliance.mail.messages import reminder, trial
from compliance.mail.reading import list_mails, read_mail
from compliance.mail.senders import FolderSender, MemorySender, folder_of, sender_for
from compliance.mail.smtp import SmtpSender
from tests.mail.conftest import LATE, SOON


def test_each_mail_is_one_whole_file(tmp_path, envelope):
    sender = FolderSender(tmp_path / "made" / "mail")
    mail = reminder(envelope, [SOON])
    sender.send(mail)
    sender.send(dataclasses.replace(mail, date=envelope.date + dt.timedelta(hours=1)))  # a second attempt
    files = list(sender.folder.iterdir())
    assert [file.name for file in files] == ["0123abcd@tracker.example.eml"]
    assert files[0].read_bytes() == build(mail).as_bytes()
    assert stat.S_IMODE(sender.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_written_is_no_fault_of_the_mail(tmp_path, envelope):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unreachable):
        FolderSender(tmp_path / "file" / "mail").send(trial(envelope))


def test_reading_back(tmp_path, envelope, language):
    sender = FolderSender(tmp_path)
    in_language = dataclasses.replace(envelope, language=language)
    later = dataclasses.replace(
        in_language, message_id="<later@tracker.example>", date=envelope.date + dt.timedelta(days=1)
    )
    sender.send(reminder(later, [LATE]))
    sender.send(reminder(in_language, [SOON]))
    (tmp_path / ".half.part").write_text("half")
    (tmp_path / "notes.txt").write_text("not a mail")
    found = list_mails(tmp_path)
    assert [line.name for line in found] == ["later@tracker.example.eml", "0123abcd@tracker.example.eml"]
    assert found[1].subject == reminder(in_language, [SOON]).subject
    assert found[1].language == language
    assert found[1].date == envelope.date
    assert "zoe@company.example" in found[1].to
    view = read_mail(tmp_path, found[1].name)
    assert view is not None
    assert view.text == reminder(in_language, [SOON]).text
    assert "no-reply@tracker.example" in view.sender
    assert len(list_mails(tmp_path, limit=1)) == 1


def test_only_our_files_are_read(tmp_path):
    folder = tmp_path / "mail"
    assert list_mails(folder) == []
    folder.mkdir()
    (tmp_path / "secret.eml").write_text("Subject: secret\n\nsecret")
    (folder / "link.eml").symlink_to(tmp_path / "secret.eml")
    for name in (
        "../secret.eml",
        "..%2Fsecret.eml",
        "/etc/passwd",
        "link.eml",
        ".hidden.eml",
        "none.eml",
        "",
        "a\0.eml",
    ):
        assert read_mail(folder, name) is None


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"Subject: =?utf-8?q?=FF?=\nDate: never\n\nx", b"Content-Type: text/html\n\n<b>x"]
)
def test_a_broken_file_does_not_break_the_list(tmp_path, content):
    (tmp_path / "broken.eml").write_bytes(content)
    assert len(list_mails(tmp_path)) == 1
    view = read_mail(tmp_path, "broken.eml")
    assert view is not None
    assert "<b>" not in view.text


def test_the_setting_chooses_the_sender(tmp_path):
    assert isinstance(sender_for("memory:"), MemorySender)
    assert isinstance(sender_for("smtp://mail.example"), SmtpSender)
    folder = sender_for(f"folder:{tmp_path}")
    assert isinstance(folder, FolderSender)
    assert folder.folder == tmp_path
    assert folder_of("folder:///var/mail") == folder_of("folder:/var/mail")
    with pytest.raises(ValueError, match="must begin with"):
        sender_for("http://mail.example")
