"""Errors are words with a status. One handler turns them into HTTP answers, one into socket frames.

Each class carries a stable `code` (never reworded, clients decide by it), an HTTP `status` and a `title`
in plain English. The optional `detail` of an instance says what was wrong with this very request; it never
repeats a token, a code or the text of a message.
"""

from typing import ClassVar


class ClubroomError(Exception):
    """Whatever a person or a client can cause. `retry_ms` says when asking again makes sense; of an amount
    that is too much `limit` says what would do, and `used` what of it is taken.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong here."

    def __init__(
        self,
        detail: str = "",
        *,
        retry_ms: int | None = None,
        limit: int | None = None,
        used: int | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.retry_ms = retry_ms
        self.limit = limit
        self.used = used


class Malformed(ClubroomError):
    """The bytes are no JSON, or the JSON is not of the shape that was asked for."""

    code, status, title = "malformed", 400, "This is not what was expected here."


class UnknownField(ClubroomError):
    """A field the call does not know: refused, so that a misspelt or forged one never passes unnoticed."""

    code, status, title = "unknown_field", 400, "There is a field that this call does not know."


class InvalidField(ClubroomError):
    """A known field with a value out of its range."""

    code, status, title = "invalid_field", 400, "A field has a value that is not allowed."


class HelloAgain(ClubroomError):
    """On a socket: `hello` was said before."""

    code, status, title = "hello_again", 400, "This socket has said hello already."


class InvalidText(ClubroomError):
    """Blank, or with a character that must not be stored (NUL, lone surrogate, direction override)."""

    code, status, title = "invalid_text", 400, "This text cannot be used."


class TextTooLong(ClubroomError):
    """More code points than the limit in `wire.py`."""

    code, status, title = "text_too_long", 400, "This text is too long."


class TooLarge(ClubroomError):
    """The body or the frame is larger than the limit in `wire.py`."""

    code, status, title = "too_large", 413, "This is too large."


class Unauthorized(ClubroomError):
    """No token, or one that is forged, expired or of an ended session."""

    code, status, title = "unauthorized", 401, "Sign in first."


class WrongSignIn(ClubroomError):
    """E-mail and password do not match, or the link is used up: always the same answer."""

    code, status, title = "wrong_sign_in", 401, "That did not match. Check the address and the password."


class InvalidRefresh(ClubroomError):
    """The refresh token is unknown, expired, ended or was used twice."""

    code, status, title = "invalid_refresh", 401, "This device is no longer signed in."


class NotVouched(ClubroomError):
    """The issuer vouches for nobody, the answer is not for this browser, or it came too late."""

    code, status, title = "not_vouched", 401, "The sign-in did not come back as it should. Begin again."


class IssuerOnly(ClubroomError):
    """The host lets people in by the issuer alone."""

    code, status, title = "issuer_only", 403, "Here one signs in by the issuer of this place alone."


class Forbidden(ClubroomError):
    """A member without the right. To someone outside the group the answer is `NotFound`."""

    code, status, title = "forbidden", 403, "You may not do this."


class ForeignOrigin(ClubroomError):
    """A browser at another site asks on a person's behalf."""

    code, status, title = "foreign_origin", 403, "This site may not ask for that."


class SignInNeeded(ClubroomError):
    """Creating a club needs e-mail and password, so that an owner cannot lose it with a device."""

    code, status, title = "sign_in_needed", 403, "Add an e-mail address and a password first."


class TheirSignInNeeded(ClubroomError):
    """Nobody comes to run a club who would lose it with their device."""

    code, status, title = (
        "their_sign_in_needed",
        409,
        "They need a way to sign in again first: an e-mail address and a password, or a passkey.",
    )


class NameTaken(ClubroomError):
    """Something else in the club is called so; big and small letters are alike."""

    code, status, title = "name_taken", 409, "There is one of that name already."


class WordNeeded(ClubroomError):
    """The host asks for a word before a club is created; missing or wrong."""

    code, status, title = "word_needed", 403, "The host of this place asks for a word to create a club."


class CreatingClosed(ClubroomError):
    """The host lets nobody create clubs."""

    code, status, title = "creating_closed", 403, "No new clubs can be created here."


class NotFound(ClubroomError):
    """Unknown, or not for this person: the two cannot be told apart."""

    code, status, title = "not_found", 404, "There is nothing here, or it is not for you."


class InvalidCode(ClubroomError):
    """Unknown, revoked, expired or used-up code, or a banned person: one and the same answer."""

    code, status, title = (
        "invalid_code",
        404,
        "This code opens no door. Check it, or ask for a new one.",
    )


class MethodNotAllowed(ClubroomError):
    """The path exists, the method does not."""

    code, status, title = "method_not_allowed", 405, "This cannot be done here."


class IdConflict(ClubroomError):
    """The id is taken by something else (other author, group or text)."""

    code, status, title = "id_conflict", 409, "This id already names something else."


class AddressTaken(ClubroomError):
    """The e-mail address belongs to another account."""

    code, status, title = "address_taken", 409, "This address already belongs to an account."


class LastOwner(ClubroomError):
    """A club keeps at least one owner."""

    code, status, title = "last_owner", 409, "You are the last owner. Hand the club over first."


class Full(ClubroomError):
    """A limit of how many (members, clubs, sockets) is reached."""

    code, status, title = "full", 409, "There is no more room here."


class DraftChanged(ClubroomError):
    """Somebody else has gone on with the draft meanwhile; what they typed stays."""

    code, status, title = "draft_changed", 409, "Somebody has changed this draft meanwhile."


class NotAsked(ClubroomError):
    """An event is for others, or has places for others only."""

    code, status, title = "not_asked", 403, "This event is for others."


class AnswersClosed(ClubroomError):
    """Past the deadline of an event, or it was cancelled."""

    code, status, title = "answers_closed", 409, "Answers are not taken any more."


class PlacesTaken(ClubroomError):
    """Fewer places are wanted than are taken."""

    code, status, title = "places_taken", 409, "More places are taken than that."


class UnsupportedMediaType(ClubroomError):
    """Bodies are JSON."""

    code, status, title = "unsupported_media_type", 415, "Send JSON."


class FileType(ClubroomError):
    """Files of this type are not taken, or not for this purpose."""

    code, status, title = "file_type", 415, "Files of this type cannot be used here."


class FileTooLarge(ClubroomError):
    """More bytes than a file of its purpose may have."""

    code, status, title = "file_too_large", 413, "This file is too large."


class NotUploaded(ClubroomError):
    """The bytes of a file are not there, or not whole."""

    code, status, title = "not_uploaded", 409, "The file has not arrived."


class UploadsOpen(ClubroomError):
    """Too many uploads of one person are under way."""

    code, status, title = "uploads_open", 409, "Too many uploads at once. Wait for the others."


class DayFull(ClubroomError):
    """One person has brought as many bytes as they may in a day."""

    code, status, title = "day_full", 409, "That is more than one person may upload in a day."


class SpaceFull(ClubroomError):
    """The room that a club, or a person, has for files is taken."""

    code, status, title = "space_full", 409, "There is no more room for files here."


class RateLimited(ClubroomError):
    """Too often. `retry_ms` says how long to wait."""

    code, status, title = "rate_limited", 429, "Too often. Wait a moment."


class Unavailable(ClubroomError):
    """The database did not answer in time; nothing was changed, or the same call may safely be repeated."""

    code, status, title = "unavailable", 503, "Not available right now. Try again in a moment."
