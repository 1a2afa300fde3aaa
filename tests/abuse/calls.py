"""The calls, by who may make them (method and path as the description has them)."""

Call = tuple[str, str]

PUBLIC: set[Call] = {
    ("GET", "/api/health"),
    ("GET", "/api/host"),
    ("POST", "/api/accounts"),
    ("POST", "/api/sessions"),
    ("POST", "/api/tokens"),
    ("POST", "/api/clubs/preview"),
    ("POST", "/api/password-resets"),
    ("POST", "/api/passkey-options"),
    ("GET", "/api/jwks.json"),
}
"""What anybody may call without a token."""
OF_ADMINS: set[Call] = {
    ("GET", "/api/groups/{group}/code"),
    ("GET", "/api/groups/{group}/audit"),
    ("GET", "/api/groups/{group}/audit.csv"),
    ("PUT", "/api/groups/{group}/members/{user}/role"),
    ("PUT", "/api/groups/{group}/members/{user}/labels"),
    ("PUT", "/api/groups/{group}/labels/{label}"),
    ("DELETE", "/api/groups/{group}/labels/{label}"),
    ("POST", "/api/groups/{group}/labels/{label}/members"),
    ("PUT", "/api/groups/{group}/emotes/{file}"),
    ("DELETE", "/api/groups/{group}/emotes/{file}"),
}
INSIDE: set[Call] = OF_ADMINS | {
    ("DELETE", "/api/groups/{group}/members/{user}"),
    ("POST", "/api/clubs/join"),
    ("POST", "/api/groups/{group}/channels"),
    ("PATCH", "/api/groups/{group}"),
    ("PUT", "/api/groups/{group}/follow"),
    ("PUT", "/api/groups/{group}/mute"),
    ("PUT", "/api/groups/{group}/level"),
    ("POST", "/api/groups/{group}/members"),
    ("POST", "/api/dms"),
    ("PUT", "/api/me/blocks/{user}"),
    ("DELETE", "/api/me/blocks/{user}"),
}
"""What somebody who is in no club cannot call with success: no code, no rooms, nobody to talk to or block."""
OF_HOSTS: set[Call] = {
    ("GET", "/api/host/clubs"),
    ("PATCH", "/api/host/clubs/{group}"),
    ("GET", "/api/host/place"),
    ("PUT", "/api/host/keeping"),
}
"""What none of them may call."""
OF_ADMINS |= {
    (method, f"/api/groups/{{group}}/{rest}")
    for methods, rest in (
        ("GET POST", "codes"),
        ("POST", "codes/reset"),
        ("PATCH DELETE", "codes/{code}"),
        ("GET", "requests"),
        ("GET", "statistics"),
        ("GET", "files/usage"),
        ("PUT DELETE", "picture"),
        ("POST", "requests/{user}"),
        ("GET", "blocks"),
        ("PUT DELETE", "blocks/{user}"),
        ("GET", "reports"),
        ("DELETE", "reports/{report}"),
        ("GET POST", "invitations"),
        ("POST", "invitations/send"),
        ("POST", "invitations/{invitation}/link"),
        ("DELETE", "invitations/{invitation}"),
        ("PUT", "managed/{user}"),
    )
    for method in methods.split()
}
INSIDE |= OF_ADMINS | {
    ("POST", "/api/groups/{group}/reports"),
    ("POST", "/api/messages/{message_id}/reports"),
    ("PUT", "/api/groups/{group}/contact"),
    ("GET", "/api/groups/{group}/contacts"),
    ("GET", "/api/groups/{group}/event-drafts"),
}
NEVER: set[Call] = {
    ("PUT", "/api/me/push"),
    ("POST", "/api/me/push/test"),
    ("POST", "/api/invitations/preview"),
    ("POST", "/api/invitations/accept"),
    ("POST", "/api/groups/{group}/invitations/send"),
    ("POST", "/api/groups/{group}/invitations/{invitation}/link"),
    ("DELETE", "/api/groups/{group}/invitations/{invitation}"),
    ("PUT", "/api/groups/{group}/managed/{user}"),
    ("POST", "/api/groups/{group}/requests/{user}"),
    ("DELETE", "/api/me/requests/{request_id}"),
    ("DELETE", "/api/groups/{group}/reports/{report}"),
    ("PATCH", "/api/groups/{group}/codes/{code}"),
    ("DELETE", "/api/groups/{group}/codes/{code}"),
    ("PUT", "/api/groups/{group}/blocks/{user}"),
    ("DELETE", "/api/groups/{group}/blocks/{user}"),
    ("POST", "/api/email-verifications"),
    ("POST", "/api/mail/unsubscribe/{token}"),
    ("GET", "/api/mail/unsubscribe/{token}"),
    ("GET", "/api/mail/answers/{token}"),
    ("POST", "/api/mail/answers/{token}"),
    ("GET", "/api/events/{event}/calendar"),
    ("GET", "/api/events/{event}/reminders"),
    ("PUT", "/api/events/{event}/reminders"),
    ("POST", "/api/events/{event}/remind"),
    ("POST", "/api/passwords"),
    ("POST", "/api/issuer/round-trips"),
    ("POST", "/api/issuer/sessions"),
    ("POST", "/api/issuer/logout"),
    ("POST", "/api/me/identities"),
    ("POST", "/api/me/identities/round-trips"),
    ("DELETE", "/api/me/identities/{identity}"),
    ("POST", "/api/me/passkeys"),
    ("DELETE", "/api/me/passkeys/{passkey}"),
    ("DELETE", "/api/sessions/{session}"),
    ("POST", "/api/me/deletion"),
    ("DELETE", "/api/groups/{group}"),
    ("POST", "/api/files"),
    ("POST", "/api/files/{file}/uploaded"),
    ("GET", "/api/files/{file}"),
    ("DELETE", "/api/files/{file}"),
    ("PUT", "/api/me/avatar"),
    ("PUT", "/api/groups/{group}/picture"),
    ("PUT", "/api/events/{event}/cover"),
    ("DELETE", "/api/events/{event}/cover"),
    ("PUT", "/api/groups/{group}/emotes/{file}"),
    ("DELETE", "/api/groups/{group}/emotes/{file}"),
    ("PUT", "/api/events/{event}/door"),
    ("GET", "/api/events/{event}/door"),
    ("GET", "/api/events/{event}/list.csv"),
    ("POST", "/api/groups/{group}/members/{user}/sign-in-link"),
    ("PUT", "/api/events/{event}"),
    ("PUT", "/api/events/{event}/plan"),
    ("DELETE", "/api/events/{event}"),
    ("DELETE", "/api/events/{event}/occurrences/{key}"),
    ("PUT", "/api/events/{event}/answer"),
    ("GET", "/api/events/{event}/answers"),
    ("PUT", "/api/events/{event}/draft"),
    ("GET", "/api/events/{event}/draft"),
    ("DELETE", "/api/events/{event}/draft"),
}
"""What nobody makes up: secrets that came by mail, signatures, numbers of what is not there yet. The one
account is not to be deleted, nor is the club, whose name is never told.
"""
