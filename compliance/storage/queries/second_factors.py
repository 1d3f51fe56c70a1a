"""Second factors of a person."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from compliance.storage.models import Passkey, RecoveryCode


def count_passkeys(session: Session, user_id: int) -> int:
    return session.scalar(select(func.count(Passkey.id)).where(Passkey.user_id == user_id)) or 0


def count_codes(session: Session, user_id: int) -> int:
    """How many recovery codes were not used yet."""
    query = select(func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return session.scalar(query) or 0


def unused_code(session: Session, user_id: int, code_hash: str) -> RecoveryCode | None:
    return session.scalars(
        select(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.code_hash == code_hash, RecoveryCode.used_at.is_(None))
        .with_for_update()
    ).one_or_none()


def drop_codes(session: Session, user_id: int) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def passkeys(session: Session, user_id: int) -> Sequence[Passkey]:
    """A person's passkeys, oldest first."""
    return session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)).all()


def passkey_by_credential(session: Session, credential_id: bytes) -> Passkey | None:
    return session.scalars(
        select(Passkey).where(Passkey.credential_id == credential_id).with_for_update()
    ).one_or_none()
