"""Text that should be looked at again, and text that should be left in peace."""

from __future__ import annotations

import pytest

from compliance.domain.answers import AnswerEntry, EvidenceEntry, Grade, Status
from compliance.domain.cautions import Caution, cautions_in, cautions_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MD5 d41d8cd98f00b204e9800998ecf8427e", [Caution.HASH]),
        ("sha1 DA39A3EE5E6B4B0D3255BFEF95601890AFD80709.", [Caution.HASH]),
        ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", [Caution.HASH]),
        ("x" + "aB3/" * 36, [Caution.HASH]),
        ("https://a.example/1 https://b.example/2 http://c.example/3", [Caution.ADDRESSES]),
        ("at hxxps://bad.example", [Caution.ADDRESSES]),
        ("192.0.2.7", [Caution.ADDRESSES]),
        ("abcdefghij234567.onion", [Caution.ADDRESSES]),
        ("magnet:?xt=urn", [Caution.ADDRESSES]),
        ("accounts @one_user and @two_user", [Caution.NAMES]),
        ("username: badperson99", [Caution.NAMES]),
        ("nom d'utilisateur : mechant99", [Caution.NAMES]),
        ("a@b.example, c@d.example", [Caution.NAMES]),
        ("We match 1,234,567 hashes from NCMEC and IWF with PhotoDNA and PDQ since 2019.", []),
        ("See https://a.example/transparency; write to safety@a.example.", []),
        ("Version 2.3.1 of the policy; section 4.2.1.3 no, 10.1 yes.", []),
        ("Versions 2.3.1 and 4.5; the year 2026.", []),
        ("https://a.example/x https://a.example/x https://a.example/x", []),
        ("", []),
    ],
)
def test_cautions(text: str, found: list[Caution]) -> None:
    assert cautions_in(text) == found


def test_the_address_of_evidence_is_meant_to_be_one() -> None:
    links = tuple(EvidenceEntry(Grade.PUBLIC_LINK, f"https://a.example/{n}") for n in range(5))
    assert cautions_of(AnswerEntry(Status.IN_PLACE, evidence=links)) == []
    told = AnswerEntry(Status.IN_PLACE, evidence=(EvidenceEntry(Grade.STATED, description="user name: badperson"),))
    assert cautions_of(told) == [Caution.NAMES]
