"""By whom else people may sign in, as the host says it in the environment."""

from collections.abc import Mapping

from clubroom.ports.identity.oidc_client import OidcClient, client_of

ISSUER, CLIENT_ID = "CLUBROOM_OIDC_ISSUER", "CLUBROOM_OIDC_CLIENT_ID"
SECRET, NAME, ONLY = "CLUBROOM_OIDC_CLIENT_SECRET", "CLUBROOM_OIDC_NAME", "CLUBROOM_OIDC_ONLY"
VARIABLES = frozenset({ISSUER, CLIENT_ID, SECRET, NAME, ONLY})


def issuer_of(environment: Mapping[str, str]) -> OidcClient | None:
    """Raises ValueError, whose words are for the host."""
    issuer, client_id = environment.get(ISSUER), environment.get(CLIENT_ID)
    if not issuer and not client_id:
        if any(environment.get(name) for name in VARIABLES):
            raise ValueError(
                f"{ISSUER} and {CLIENT_ID} say who the issuer is; the others are of no use alone."
            )
        return None
    if not issuer or not client_id:
        raise ValueError(f"{ISSUER} and {CLIENT_ID} are set together.")
    if environment.get(ONLY) not in (None, "", "0", "1"):
        raise ValueError(f"{ONLY} is 1 or 0.")
    try:
        return client_of(issuer, client_id, environment.get(SECRET) or None, environment.get(NAME) or None)
    except ValueError as error:
        raise ValueError(f"{ISSUER} looks like {error}.") from None


def only_issuer(environment: Mapping[str, str]) -> bool:
    """Whether nobody signs in otherwise."""
    return environment.get(ONLY) == "1"
