"""Auth's database: accounts, signing keys, revoked tokens, the log-in attempts of a minute."""

from sqlalchemy import JSON
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"
    username: Mapped[str] = mapped_column(primary_key=True)
    password_hash: Mapped[str]
    scope: Mapped[str]  # separated by spaces (RFC 6749 3.3)


class SigningKey(Base):
    __tablename__ = "signing_keys"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kid: Mapped[str] = mapped_column(unique=True)
    public_jwk: Mapped[dict] = mapped_column(JSON)
    private_pem: Mapped[str | None]  # erased when the key retires
    retired_at: Mapped[float | None]  # epoch seconds


class LoginAttempt(Base):
    __tablename__ = "login_attempts"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(index=True)
    at: Mapped[float]  # epoch seconds


class RevokedToken(Base):
    __tablename__ = "revoked_tokens"
    jti: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[float]  # epoch seconds: after it the token is refused anyway
