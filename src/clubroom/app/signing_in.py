"""The auth room as a host has set it up, for whatever serves."""

from clubroom import __version__, wire
from clubroom.app.settings import Settings
from clubroom.auth.keys import Keys
from clubroom.auth.limits import Limits
from clubroom.auth.room import Auth
from clubroom.auth.room import Settings as AuthSettings
from clubroom.auth.tokens import Tokens
from clubroom.chat.files.room import published
from clubroom.dba.pool import Database
from clubroom.ports.blobs import Blobs
from clubroom.ports.identity.builtin import Argon2Passwords
from clubroom.ports.identity.oidc import OidcIssuer


def auth_of(settings: Settings, db: Database, keys: Keys, tokens: Tokens, port: int, blobs: Blobs) -> Auth:
    """Served on `port`. Nothing is asked of an issuer yet."""
    return Auth(
        db=db,
        keys=keys,
        tokens=tokens,
        passwords=Argon2Passwords(),
        settings=AuthSettings(
            public_url=settings.url(port),
            origins=settings.origins(port),
            port=port,
            create=settings.create,
            word=settings.word,
            limits=Limits(accounts_an_address_an_hour=settings.accounts_an_hour),
            issuer_only=settings.issuer_only,
        ),
        file_link=lambda file, size, name: blobs.get_url(published(file, size), name=name),
        issuer=OidcIssuer(settings.issuer, clock=db.clock) if settings.issuer is not None else None,
    )


def host_of(settings: Settings, port: int, auth: Auth) -> wire.Host:
    """What clients are told of it."""
    return wire.Host(
        version=__version__,
        create=settings.create,
        url=settings.url(port),
        only_here=auth.settings.only_here,
        mail=settings.mail is not None,
        issuer=settings.issuer.name if settings.issuer is not None else None,
        issuer_only=settings.issuer_only,
        operator=settings.operator.name or None,
    )
