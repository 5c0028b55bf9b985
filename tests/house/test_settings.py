"""Settings: documented, and refused by name when wrong."""

from __future__ import annotations

import re

import pytest

import config
from tests.conftest import ROOT, SECRET


def test_every_setting_is_described() -> None:
    described = set(
        re.findall(r"^\| `(SELFCARE_[A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(), re.M)
    )
    real = {f"SELFCARE_{name.upper()}" for name in config.Settings.model_fields}
    assert described == real


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"secret_key": ""}, "SELFCARE_SECRET_KEY"),
        ({"secret_key": "short"}, "SELFCARE_SECRET_KEY"),
        ({"database_url": "mysql://there"}, "SELFCARE_DATABASE_URL"),
        ({"base_url": "selfcare.example"}, "SELFCARE_BASE_URL"),
        ({"base_url": "https://selfcare.example/path"}, "SELFCARE_BASE_URL"),
        ({"env": "staging"}, "SELFCARE_ENV"),
        ({"env": "production", "base_url": "http://selfcare.example"}, "SELFCARE_BASE_URL"),
        ({"env": "production", "base_url": "https://selfcare.example"}, "SELFCARE_HELP_REVIEW_DATE"),
        ({"help_review_date": "31 February"}, "SELFCARE_HELP_REVIEW_DATE"),
    ],
)
def test_a_wrong_setting_stops_the_start_by_name(wrong: dict[str, str], named: str) -> None:
    right = {"env": "test", "secret_key": SECRET, "base_url": "http://localhost"}
    with pytest.raises(config.SettingsError, match=named):
        config.load(**(right | wrong))


def test_cookies_never_travel_in_the_clear_in_production() -> None:
    settings = config.load(
        env="production",
        secret_key=SECRET,
        base_url="https://selfcare.example",
        help_review_date="2026-10-01",
    )
    assert settings.secure
    assert settings.origins == {"https://selfcare.example"}
