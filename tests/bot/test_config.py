"""Settings come from the environment, and one error names all that is wrong with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import ConfigError, Settings

LINE = {"LINE_CHANNEL_SECRET": "s" * 32, "LINE_CHANNEL_ACCESS_TOKEN": "t" * 40}


def test_an_empty_environment_means_the_defaults_and_the_simulator() -> None:
    settings = Settings.read({})
    assert settings.simulator
    assert settings.port == 8000
    assert settings.database_url == "sqlite:///var/saan.db"
    assert settings.data_dir == Path("var")
    assert settings.media_url == "var/media"
    assert settings.zone.key == "Asia/Bangkok"
    assert settings.base_url == settings.line_api == settings.line_data_api == "http://127.0.0.1:8000"
    assert not settings.mail and not settings.traffy
    assert settings.trusted_proxies == 0


def test_an_empty_variable_is_an_unset_one() -> None:
    assert Settings.read({"PORT": "", "LINE_CHANNEL_SECRET": " ", "SMTP_URL": ""}) == Settings.read({})


def test_with_credentials_line_itself_is_called() -> None:
    settings = Settings.read(LINE)
    assert not settings.simulator
    assert (settings.line_api, settings.line_data_api) == ("https://api.line.me", "https://api-data.line.me")
    assert (settings.line_secret, settings.line_token) == ("s" * 32, "t" * 40)


def test_the_simulator_listens_on_the_own_port_unless_told() -> None:
    assert Settings.read({"PORT": "9123"}).line_api == "http://127.0.0.1:9123"
    assert Settings.read({"LINE_API_HOST": "http://127.0.0.1:7000/"}).line_api == "http://127.0.0.1:7000"


@pytest.mark.parametrize("only", LINE)
def test_one_credential_without_the_other_is_an_error_that_names_the_missing_one(only: str) -> None:
    (missing,) = set(LINE) - {only}
    with pytest.raises(ConfigError, match=missing):
        Settings.read({only: LINE[only]})


def test_one_error_names_every_bad_variable_and_no_value() -> None:
    bad = {
        "PORT": "eighty-secret",
        "BASE_URL": "ftp://secret",
        "DATABASE_URL": "mysql://secret",
        "SAAN_TIMEZONE": "Secret/Place",
        "SMTP_URL": "secret",
        "MAIL_FROM": "secret",
        "TRAFFY_URL": "secret",
        "TRAFFY_ALLOW": "secret",
        "TRAFFY_WEBHOOK_SECRET": "secret secret",
        "TRUSTED_PROXIES": "-1",
        "LOG_LEVEL": "secret",
        "LOG_FORMAT": "secret",
        "WEB_CONCURRENCY": "0",
        "MEDIA_URL": "gopher://secret",
        "IMAP_URL": "imap://",
    }
    with pytest.raises(ConfigError) as caught:
        Settings.read(bad)
    message = str(caught.value)
    assert [name for name in bad if name not in message] == []
    assert "\n" not in message
    assert "eighty-secret" not in message and "//secret" not in message


@pytest.mark.parametrize("port", ["0", "65536", "8000.5", "８０００", "٨٠", "1e3", "8000\n1"])
def test_a_port_is_a_plain_number(port: str) -> None:
    with pytest.raises(ConfigError, match="PORT"):
        Settings.read({"PORT": port})


@pytest.mark.parametrize("url", ["http://host:port", "http://[::1", "http://", "http://host:99999"])
def test_a_broken_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="BASE_URL"):
        Settings.read({"BASE_URL": url})


def test_postgresql_is_always_reached_through_psycopg() -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        assert (
            Settings.read({"DATABASE_URL": f"{scheme}://u@h/d"}).database_url == "postgresql+psycopg://u@h/d"
        )


def test_traffy_needs_its_user_and_password() -> None:
    with pytest.raises(ConfigError, match="TRAFFY_USER.*TRAFFY_PASSWORD"):
        Settings.read({"TRAFFY_URL": "https://traffy.example"})


def test_allowed_addresses_become_networks() -> None:
    settings = Settings.read({"TRAFFY_ALLOW": "203.0.113.7, 198.51.100.0/24"})
    assert settings.traffy_allow == ("203.0.113.7/32", "198.51.100.0/24")


def test_the_made_key_is_kept_private_and_the_same_for_all_processes(tmp_path: Path) -> None:
    env = {"SAAN_DATA_DIR": str(tmp_path / "data")}
    first, second = Settings.read(env), Settings.read(env)
    assert first.secret_key == second.secret_key and len(first.secret_key) == 64
    assert first.line_secret == second.line_secret != second.line_token
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o077 == 0
    assert os.listdir(tmp_path / "data") == ["secret.key"]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    code = "from bot.config import Settings; print(Settings.read().secret_key)"
    env = {**os.environ, "SAAN_DATA_DIR": str(tmp_path)}
    runs = [subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE) for _ in range(4)]
    assert len({run.communicate()[0] for run in runs}) == 1


def test_reading_settings_makes_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Settings.read({})
    assert list(tmp_path.iterdir()) == []


def test_pictures_are_linked_with_https() -> None:
    assert Settings.read({"BASE_URL": "http://saan.example/app"}).image_base == "https://saan.example/app"


def test_an_operator_is_told_what_is_off() -> None:
    assert any("simulator" in remark for remark in Settings.read({}).remarks())
    told = Settings.read({**LINE, "BASE_URL": "https://saan.example", "SECRET_KEY": "k" * 32}).remarks()
    assert told == [
        "SMTP_URL is not set: e-mail is off, and what agencies would get by mail goes to the coordinators"
    ]
