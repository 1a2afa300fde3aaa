"""What the host decides: read from the environment, or refused in a sentence."""

import stat
from pathlib import Path

import pytest

from clubroom.app import files
from clubroom.app.settings import SettingError, Settings, from_environment

SECRET = "ab" * 32


def read(tmp_path: Path, **environment: str) -> Settings:
    return from_environment({"CLUBROOM_DATA": str(tmp_path), "CLUBROOM_SECRET": SECRET} | environment)


def test_with_an_empty_environment_there_is_a_value_for_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = from_environment({})
    assert (settings.port, settings.host, settings.create) == (8000, None, "open")
    assert settings.data == tmp_path / "data"
    assert settings.url(8001) == "http://localhost:8001"
    assert settings.origins(8001) == {f"http://{n}:8001" for n in ("localhost", "127.0.0.1", "[::1]")}


def test_an_empty_value_is_no_value(tmp_path: Path) -> None:
    names = (
        "PORT",
        "HOST",
        "PUBLIC_URL",
        "DATABASE_URL",
        "REDIS_URL",
        "CLUBROOM_CREATE",
        "CLUBROOM_WORD",
        "CLUBROOM_PROXIES",
        "CLUBROOM_LINK_PREVIEWS",
        "CLUBROOM_READING",
        "CLUBROOM_FILES_PORT",
        "CLUBROOM_FILES_URL",
        "CLUBROOM_B2_ENDPOINT",
        "CLUBROOM_B2_KEY",
    )
    assert read(tmp_path, **dict.fromkeys(names, "")) == read(tmp_path)


def test_pages_that_people_link_to_are_fetched_unless_the_host_does_not_want_it(tmp_path: Path) -> None:
    assert read(tmp_path).link_previews
    assert read(tmp_path, CLUBROOM_LINK_PREVIEWS="on").link_previews
    assert not read(tmp_path, CLUBROOM_LINK_PREVIEWS="off").link_previews
    with pytest.raises(SettingError, match="CLUBROOM_LINK_PREVIEWS is on or off"):
        read(tmp_path, CLUBROOM_LINK_PREVIEWS="no")


def test_nobody_gets_tokens_for_reading_unless_the_host_wants_it(tmp_path: Path) -> None:
    assert not read(tmp_path).reading
    assert read(tmp_path, CLUBROOM_READING="on").reading
    with pytest.raises(SettingError, match="CLUBROOM_READING is off or on"):
        read(tmp_path, CLUBROOM_READING="1")


@pytest.mark.parametrize("port", ["0", "-1", "65536", "eighty", "8000.0", "²", "٨٠", " 80", "1" * 5_000])
def test_a_port_that_there_cannot_be_is_refused(tmp_path: Path, port: str) -> None:
    with pytest.raises(SettingError, match="PORT"):
        read(tmp_path, PORT=port)


@pytest.mark.parametrize("count", ["0", "-1", "many", "1000001", "²", "1" * 5_000])
def test_a_number_of_accounts_that_there_cannot_be_is_refused(tmp_path: Path, count: str) -> None:
    with pytest.raises(SettingError, match="CLUBROOM_ACCOUNTS_AN_HOUR"):
        read(tmp_path, CLUBROOM_ACCOUNTS_AN_HOUR=count)


@pytest.mark.parametrize("milliseconds", ["99", "600001", "often"])
def test_a_heartbeat_too_fast_or_too_slow_is_refused(tmp_path: Path, milliseconds: str) -> None:
    with pytest.raises(SettingError, match="from 100 to 600000"):
        read(tmp_path, CLUBROOM_HEARTBEAT_MS=milliseconds)


def test_proxies_are_a_list_of_addresses_and_networks(tmp_path: Path) -> None:
    assert read(tmp_path, CLUBROOM_PROXIES="10.0.0.1, ::1,").proxies == {"10.0.0.1", "::1"}
    assert read(tmp_path, CLUBROOM_PROXIES="10.0.0.0/8,FD00::/8").proxies == {"10.0.0.0/8", "fd00::/8"}
    for wrong in ("proxy.example", "10.0.0.1/8", "10.0.0.0/33", "0.0.0.0/0", "::/0", "/8", "10.0.0.0/"):
        with pytest.raises(SettingError, match="CLUBROOM_PROXIES"):
            read(tmp_path, CLUBROOM_PROXIES=wrong)


ELSEWHERE = {
    "DATABASE_URL": "postgres://ann:secret@db.example:5432/club?sslmode=require",
    "CLUBROOM_B2_ENDPOINT": "s3.eu-central-003.backblazeb2.com",
    "CLUBROOM_B2_BUCKET": "my-club",
    "CLUBROOM_B2_KEY_ID": "id",
    "CLUBROOM_B2_KEY": "key",
}


@pytest.mark.parametrize("missing", ["CLUBROOM_SECRET", "DATABASE_URL", "CLUBROOM_B2_BUCKET"])
def test_where_nothing_stays_on_the_disk_nothing_is_trusted_to_it(tmp_path: Path, missing: str) -> None:
    assert read(tmp_path, CLUBROOM_DISK_IS_EPHEMERAL="1", **ELSEWHERE).ephemeral
    with pytest.raises(SettingError, match=f"so {missing} must be set"):
        read(tmp_path, CLUBROOM_DISK_IS_EPHEMERAL="1", **(ELSEWHERE | {missing: ""}))
    assert not (tmp_path / "secret").exists()
    assert not read(tmp_path, **ELSEWHERE).ephemeral


@pytest.mark.parametrize("secret", ["short", "x" * 19, "with a blank in it, and long", "é" * 20])
def test_a_secret_of_the_edge_that_could_be_guessed_is_refused(tmp_path: Path, secret: str) -> None:
    with pytest.raises(SettingError, match="CLUBROOM_EDGE_SECRET is at least 20"):
        read(tmp_path, CLUBROOM_EDGE_SECRET=secret)
    assert read(tmp_path, CLUBROOM_EDGE_SECRET="x" * 20).edge_secret == "x" * 20


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://club.example", "https://club.example"),
        ("https://club.example/", "https://club.example"),
        ("https://Club.Example", "https://club.example"),
        ("https://club.example:443", "https://club.example"),
        ("http://club.example:80/", "http://club.example"),
        ("http://club.example:8080", "http://club.example:8080"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_a_public_address_is_kept_as_browsers_write_an_origin(
    tmp_path: Path, written: str, meant: str
) -> None:
    settings = read(tmp_path, PUBLIC_URL=written)
    assert settings.url(1) == meant
    assert settings.origins(1) == {meant}


@pytest.mark.parametrize(
    "url",
    [
        "club.example",
        "ftp://club.example",
        "https://",
        "https://club.example/path",
        "https://club.example/?a=b",
        "https://club.example/#top",
        "https://ann:secret@club.example",
        "https://club.example:99999",
        "https://[::1",
        "https://" + "x" * 70 + ".example",
    ],
)
def test_a_public_address_that_is_none_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingError, match="PUBLIC_URL"):
        read(tmp_path, PUBLIC_URL=url)


def test_who_may_create_is_one_of_three_and_a_word_needs_the_word(tmp_path: Path) -> None:
    assert read(tmp_path, CLUBROOM_CREATE="word", CLUBROOM_WORD="please").word == "please"
    assert read(tmp_path, CLUBROOM_CREATE="closed").create == "closed"
    with pytest.raises(SettingError, match="open, word or closed"):
        read(tmp_path, CLUBROOM_CREATE="everybody")
    with pytest.raises(SettingError, match="CLUBROOM_WORD"):
        read(tmp_path, CLUBROOM_CREATE="word")


def test_durability_by_other_means_is_said_with_a_one(tmp_path: Path) -> None:
    assert read(tmp_path, CLUBROOM_DATABASE_IS_DURABLE="1").database_is_durable
    assert not read(tmp_path, CLUBROOM_DATABASE_IS_DURABLE="yes").database_is_durable


def test_a_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    first = from_environment({"CLUBROOM_DATA": str(data)})
    assert from_environment({"CLUBROOM_DATA": str(data)}).secret == first.secret
    assert len(first.secret) == 32
    assert [path.name for path in data.iterdir()] == ["secret"]
    assert stat.S_IMODE((data / "secret").stat().st_mode) == 0o600


@pytest.mark.parametrize("secret", ["ab", "zz" * 32, "ab" * 33, " ".join(["ab"] * 32), "é" * 64])
def test_a_secret_that_is_none_is_refused_and_not_repeated(tmp_path: Path, secret: str) -> None:
    with pytest.raises(SettingError, match="CLUBROOM_SECRET") as refused:
        read(tmp_path, CLUBROOM_SECRET=secret)
    assert secret not in str(refused.value)


@pytest.mark.parametrize("kept", [b"", b"ab", b"\xff" * 64, b"zz" * 32])
def test_a_secret_that_was_damaged_is_never_replaced(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "secret").write_bytes(kept)
    with pytest.raises(SettingError, match="Restore it"):
        from_environment({"CLUBROOM_DATA": str(tmp_path)})
    assert (tmp_path / "secret").read_bytes() == kept


def test_a_data_folder_that_cannot_be_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingError, match="data folder"):
        from_environment({"CLUBROOM_DATA": str(tmp_path / "file" / "data")})
    (tmp_path / "secret").mkdir()
    with pytest.raises(SettingError, match="data folder"):
        from_environment({"CLUBROOM_DATA": str(tmp_path)})


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:p%2Fw@db.example:5432/clubroom?sslmode=require",
        "postgresql://ann@/clubroom?host=%2Frun%2Fpostgresql&port=5432",
        "postgresql://ann:p@ss:word@[::1]:5432/clubroom",
        "postgresql://ann:pw@one:5432,two:5433/clubroom",
        "postgresql:///clubroom",
    ],
)
def test_every_address_of_a_database_that_can_be_is_taken(tmp_path: Path, url: str) -> None:
    assert read(tmp_path, DATABASE_URL=url).database_url == url


@pytest.mark.parametrize("password", ["pass/word", "pass#word", "pass?word", "pass/w@rd", "word@db:99999/"])
def test_a_password_that_ends_its_address_is_refused_and_not_repeated(tmp_path: Path, password: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL looks like") as refused:
        read(tmp_path, DATABASE_URL=f"postgresql://ann:{password}@db.example/clubroom")
    assert "pass" not in str(refused.value).replace("user:password@", "").replace("In the password", "")


@pytest.mark.parametrize("token", ["short", "x" * 19, "twenty characters and", "zwanzig-Zeichen-für-dich"])
def test_a_token_for_metrics_that_could_be_guessed_or_not_be_sent_is_refused(
    tmp_path: Path, token: str
) -> None:
    with pytest.raises(SettingError, match="CLUBROOM_METRICS_TOKEN is at least 20"):
        read(tmp_path, CLUBROOM_METRICS_TOKEN=token)
    assert read(tmp_path, CLUBROOM_METRICS_TOKEN="x" * 20).metrics_token == "x" * 20


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("CLUBROOM_LOG", "plain or json"),
        ("CLUBROOM_LOG_LEVEL", "warning, debug, info or error"),
        ("CLUBROOM_CREATE", "open, word or closed"),
    ],
)
def test_a_word_that_there_is_not_is_refused_with_those_that_there_are(
    tmp_path: Path, name: str, words: str
) -> None:
    with pytest.raises(SettingError, match=f"{name} is {words}"):
        read(tmp_path, **{name: "loud"})


def test_a_mail_server_is_named_by_an_address_or_refused_without_repeating_it(tmp_path: Path) -> None:
    assert read(tmp_path).mail is None
    server = read(tmp_path, CLUBROOM_MAIL="smtps://mail.example?from=club@example.org").mail
    assert server is not None
    assert (server.host, server.port) == ("mail.example", 465)
    with pytest.raises(SettingError, match="CLUBROOM_MAIL looks like") as refused:
        read(tmp_path, CLUBROOM_MAIL="smtp://ann:pa55#word@mail.example")
    assert "pa55" not in str(refused.value)


def test_a_redis_is_named_by_an_address_or_refused_and_its_password_is_never_repeated(tmp_path: Path) -> None:
    assert read(tmp_path).redis is None
    server = read(tmp_path, REDIS_URL="rediss://ann:pa55%40word@redis.example/3").redis
    assert server is not None
    assert (server.host, server.port, server.number, server.encrypted) == ("redis.example", 6379, 3, True)
    assert (server.user, server.password) == ("ann", "pa55@word")
    assert "pa55" not in repr(server)
    for wrong in ("ann:pa55#word@", ":pa55/word@"):
        with pytest.raises(SettingError, match="REDIS_URL looks like") as refused:
            read(tmp_path, REDIS_URL=f"redis://{wrong}redis.example:6379")
        assert "pa55" not in str(refused.value)
    for url in (
        "http://redis.example",
        "redis://",
        "redis://h/x",
        "redis://h:99999",
        "redis://h?db=1",
        "h:6379",
    ):
        with pytest.raises(SettingError, match="REDIS_URL looks like"):
            read(tmp_path, REDIS_URL=url)


B2 = {
    "CLUBROOM_B2_ENDPOINT": "s3.eu-central-003.backblazeb2.com",
    "CLUBROOM_B2_BUCKET": "my-club",
    "CLUBROOM_B2_KEY_ID": "0042",
    "CLUBROOM_B2_KEY": "pa55word",
}


def test_a_bucket_is_named_whole_or_not_at_all_and_its_key_is_never_repeated(tmp_path: Path) -> None:
    assert read(tmp_path).bucket is None
    settings = read(tmp_path, **B2)
    assert settings.bucket is not None
    assert settings.bucket.endpoint == "https://s3.eu-central-003.backblazeb2.com"
    assert "pa55" not in repr(settings)
    for name in B2:
        with pytest.raises(SettingError, match="are set together") as refused:
            read(tmp_path, **(B2 | {name: ""}))
        assert "pa55" not in str(refused.value)
    with pytest.raises(
        SettingError, match="CLUBROOM_B2_ENDPOINT and CLUBROOM_B2_BUCKET look like"
    ) as refused:
        read(tmp_path, **(B2 | {"CLUBROOM_B2_ENDPOINT": "https://pa55word@s3.example"}))
    assert "pa55" not in str(refused.value)


def test_files_are_reached_at_another_origin_than_the_app(tmp_path: Path) -> None:
    club = {"PUBLIC_URL": "https://club.example"}
    assert read(tmp_path, **club, CLUBROOM_FILES_URL="https://Files.club.example/").files_url == (
        "https://files.club.example"
    )
    with pytest.raises(SettingError, match="another host or port"):
        read(tmp_path, **club, CLUBROOM_FILES_URL="https://club.example:443")
    with pytest.raises(SettingError, match="CLUBROOM_FILES_URL looks like"):
        read(tmp_path, **club, CLUBROOM_FILES_URL="https://club.example/files")
    with pytest.raises(SettingError, match="CLUBROOM_FILES_PORT"):
        read(tmp_path, CLUBROOM_FILES_PORT="0")
    assert read(tmp_path, CLUBROOM_FILES_PORT="9001").files_port == 9001


@pytest.mark.parametrize(
    ("environment", "origin"),
    [
        ({}, "http://localhost:8001"),
        ({"PUBLIC_URL": "http://192.168.1.20:8000"}, "http://192.168.1.20:8001"),
        ({"PUBLIC_URL": "http://[::1]:8000"}, "http://[::1]:8001"),
        ({"CLUBROOM_FILES_PORT": "9001"}, "http://localhost:9001"),
        ({"PORT": "65535"}, "http://localhost:65534"),
        ({"CLUBROOM_FILES_URL": "https://files.example"}, "https://files.example"),
        (B2, "https://s3.eu-central-003.backblazeb2.com"),
    ],
    ids=str,
)
async def test_addresses_of_files_begin_where_they_are_served(
    tmp_path: Path, environment: dict[str, str], origin: str
) -> None:
    settings = read(tmp_path, **environment)
    store = files.blobs_of(settings, settings.port)
    assert store.origin == origin
    assert store.get_url("f/a").url.startswith(f"{origin}/")
    await store.close()


def test_an_issuer_is_named_by_two_settings_at_least(tmp_path: Path) -> None:
    named = {
        "CLUBROOM_DATA": str(tmp_path),
        "CLUBROOM_OIDC_ISSUER": "https://club.eu.auth0.com/",
        "CLUBROOM_OIDC_CLIENT_ID": "club",
    }
    issuer = from_environment(named).issuer
    assert issuer is not None
    assert (issuer.issuer, issuer.secret, issuer.name) == (
        "https://club.eu.auth0.com/",
        None,
        "club.eu.auth0.com",
    )
    whole = named | {"CLUBROOM_OIDC_CLIENT_SECRET": "hush", "CLUBROOM_OIDC_NAME": "Auth0"}
    settings = from_environment(whole | {"CLUBROOM_OIDC_ONLY": "1"})
    assert settings.issuer_only
    assert "hush" not in repr(settings)
    wrong: list[dict[str, str]] = [
        {"CLUBROOM_OIDC_CLIENT_ID": ""},
        {"CLUBROOM_OIDC_ISSUER": ""},
        {"CLUBROOM_OIDC_ISSUER": "", "CLUBROOM_OIDC_CLIENT_ID": ""},
        {"CLUBROOM_OIDC_ISSUER": "http://club.example"},
        {"CLUBROOM_OIDC_NAME": "x" * 41},
        {"CLUBROOM_OIDC_ONLY": "yes"},
    ]
    for one in wrong:
        with pytest.raises(SettingError, match="CLUBROOM_OIDC") as met:
            from_environment(whole | one)
        assert "hush" not in str(met.value)
