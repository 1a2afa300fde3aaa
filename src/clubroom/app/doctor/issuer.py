"""Whether the issuer answers, and calls itself as the host does."""

from clubroom.app.doctor.finding import Finding, good, wrong
from clubroom.app.settings import Settings
from clubroom.ports.identity import NotVouched
from clubroom.ports.identity.oidc import OidcIssuer

HOW = 'docs/host/auth0.md, "If it does not work", says what this means: '


async def findings(settings: Settings) -> list[Finding]:
    """Nothing where the host names none."""
    if settings.issuer is None:
        return []
    issuer = OidcIssuer(settings.issuer)
    try:
        known = await issuer.known()
    except NotVouched as error:
        return [wrong("issuer", f"Nobody can sign in by {settings.issuer.name}.", f"{HOW}{error.why}.")]
    finally:
        await issuer.close()
    out = "" if known.end_session_endpoint else " Signing out there is not offered."
    only = " There is no other way in." if settings.issuer_only else ""
    return [good("issuer", f"People may sign in by {settings.issuer.name}.{out}{only}")]
