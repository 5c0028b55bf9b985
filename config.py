"""Settings: read once from the environment (prefix ``SELFCARE_``); a wrong or missing one stops the start by name."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent
INSTANCE = Path.cwd() / "instance"

# A short or guessable key would let anybody forge a session cookie.
MIN_SECRET_LENGTH = 32


class SettingsError(Exception):
    """The environment does not describe a service that may start; the message names each setting."""


class Settings(BaseSettings):
    """Everything the outside decides. ``docs/settings.md`` describes each, and a test keeps that complete."""

    model_config = SettingsConfigDict(env_prefix="SELFCARE_", extra="ignore", frozen=True)

    env: Literal["production", "demo", "test"] = "production"
    database_url: str = Field(default_factory=lambda: f"sqlite:///{INSTANCE / 'selfcare.db'}")
    secret_key: str = ""
    base_url: str = "http://127.0.0.1:8000"
    brand: Literal["neutral", "nhs-org"] = "neutral"
    brand_name: str = "Selfcare"
    scheduler: Literal["embedded", "off"] = "off"
    vapid_private_key: str = ""
    vapid_subject: str = ""
    push_allowed_origins: str = ""
    push_ca_file: str = ""
    rate_limit_url: str = "memory://"
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    time_zone: str = "Europe/London"
    help_emergency: str = "999"
    help_urgent: str = "111"
    help_practice: str = "020 7946 0123"
    help_samaritans: str = "116 123"
    help_review_date: dt.date | None = None

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if not re.match(r"(sqlite|postgresql\+psycopg)://", url):
            raise ValueError("must start with sqlite:// or postgresql+psycopg://")
        return url

    @field_validator("base_url")
    @classmethod
    def _whole_url(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise ValueError("must be http(s)://host[:port] with no path")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _safe_for_its_use(self) -> Settings:
        if len(self.secret_key) < MIN_SECRET_LENGTH:
            raise ValueError(f"SELFCARE_SECRET_KEY must have at least {MIN_SECRET_LENGTH} characters")
        if self.env == "production":
            if not self.base_url.startswith("https://"):
                raise ValueError(
                    "SELFCARE_BASE_URL must be https:// in production: cookies never travel in the clear"
                )
            if not self.help_review_date:
                raise ValueError("SELFCARE_HELP_REVIEW_DATE must say when the help numbers were last checked")
        return self

    @property
    def secure(self) -> bool:
        """Whether cookies carry ``Secure`` and the ``__Host-`` prefix."""
        return self.base_url.startswith("https://")

    @property
    def origins(self) -> frozenset[str]:
        """Origins that may change state: our own; in the demonstration both loopback names (passkeys need localhost)."""
        own = {self.base_url}
        if self.env == "demo":
            parts = urlsplit(self.base_url)
            port = f":{parts.port}" if parts.port else ""
            own |= {f"{parts.scheme}://{name}{port}" for name in ("127.0.0.1", "localhost")}
        return frozenset(own)

    @property
    def push_origins(self) -> frozenset[str]:
        """Extra push services that the operator named, as exact origins."""
        return frozenset(o.strip().rstrip("/") for o in self.push_allowed_origins.split(",") if o.strip())


def load(**overrides: object) -> Settings:
    """Settings from the environment, ``overrides`` first.

    :raises SettingsError: naming every setting that is wrong and why.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks each value
    except ValidationError as problem:
        lines = []
        for error in problem.errors():
            name = "SELFCARE_" + str(error["loc"][0]).upper() if error["loc"] else ""
            said = error["msg"].removeprefix("Value error, ")
            lines.append(f"{name}: {said}" if name else said)
        raise SettingsError("These settings stop the start:\n  " + "\n  ".join(lines)) from None
