"""What happens to one person: in their own log, and what all their groups hear of it."""

from uuid import UUID

import msgspec

from clubroom.actions.shape import Action, GroupKind, Level


class AccountCreated(Action, frozen=True, tag="account_created"):
    """First in a person's self group."""

    user: str
    name: str


class SignInChanged(Action, frozen=True, tag="sign_in_changed"):
    """In the self group: the e-mail address that this person now signs in with."""

    email: str


class EmailVerified(Action, frozen=True, tag="email_verified"):
    """In the self group: whoever reads the mail at this address has said that it is right."""

    email: str


class PasskeysChanged(Action, frozen=True, tag="passkeys_changed"):
    """In the self group: how many passkeys this person has now."""

    passkeys: int


class IdentitiesChanged(Action, frozen=True, tag="identities_changed"):
    """In the self group: how many identities of an issuer lead to this person now."""

    identities: int


class SignInLinkHanded(Action, frozen=True, tag="sign_in_link_handed"):
    """In the self group: `by`, who runs the club `group`, has made a link that signs in as this person."""

    by: str
    group: int


class ProfileChanged(Action, frozen=True, tag="profile_changed"):
    """In the self group: how this person is called, and reads, and whether they are to be seen. No time zone
    or language = as the browser says.
    """

    user: str
    name: str
    time_zone: str | None = None
    language: str | None = None
    invisible: bool = False


class LettersChanged(Action, frozen=True, tag="letters_changed"):
    """In the self group: which letters this person wants: what they `missed`, `daily` or `never`, and
    announcements.
    """

    missed: str
    announcements: bool


class AddedToGroup(Action, frozen=True, tag="added_to_group"):
    """In the self group: this person may now read `group`; the client refreshes its token and fetches it."""

    group: int
    kind: GroupKind
    name: str
    parent: int | None = None


class RemovedFromGroup(Action, frozen=True, tag="removed_from_group"):
    """In the self group: `group` is closed to this person from now on."""

    group: int


class ChannelFollowed(Action, frozen=True, tag="channel_followed"):
    """In the self group: the public channel `group` is in this person's list (`on`) or not."""

    group: int
    on: bool


class GroupMuted(Action, frozen=True, tag="group_muted"):
    """In the self group: this person wants quiet from `group`, `until` then or for good."""

    group: int
    until: str | None = None


class GroupUnmuted(Action, frozen=True, tag="group_unmuted"):
    """In the self group: the quiet from `group` is over before its time."""

    group: int


class LevelChanged(Action, frozen=True, tag="level_changed"):
    """In the self group: what this person wants to be told of `group`. No level = as its club says."""

    group: int
    level: Level | None = None


class QuietSpan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """On these days (0 = Monday) from one time to another, like 22:00; one that ends no later than it begins
    goes on into the next day.
    """

    days: list[int]
    begins: str = msgspec.field(name="from")
    ends: str = msgspec.field(name="to")


class QuietHoursChanged(Action, frozen=True, tag="quiet_hours_changed"):
    """In the self group: all the hours at which this person is told nothing, by the clock of `time_zone`."""

    spans: list[QuietSpan]
    time_zone: str | None = None


class ActivitySeen(Action, frozen=True, tag="activity_seen"):
    """In the self group: this person has looked at what happened to them, up to this moment."""

    upto: str


class PersonBlocked(Action, frozen=True, tag="person_blocked"):
    """In the self group: `user` opens no conversation with this person, nor this person with them."""

    user: str


class PersonUnblocked(Action, frozen=True, tag="person_unblocked"):
    """In the self group: the block is over."""

    user: str


class PersonRenamed(Action, frozen=True, tag="person_renamed"):
    """In every group that somebody is or was in: they are called otherwise from now on."""

    user: str
    name: str


class PersonPictured(Action, frozen=True, tag="person_pictured"):
    """In every group that somebody is in, their self group too: `avatar` is the file of their picture from
    now on. Without one they have none.
    """

    user: str
    avatar: UUID | None = None


class PersonArrived(Action, frozen=True, tag="person_arrived"):
    """In every group that somebody is or was in: they have signed in themselves, and nobody acts for them any
    more.
    """

    user: str


class AccountDeleted(Action, frozen=True, tag="account_deleted"):
    """In every group that somebody was in: their account is deleted. What earlier actions say of their name
    is rewritten.
    """

    user: str


class JoinAnswered(Action, frozen=True, tag="join_answered"):
    """In the self group: the club of this name let them in, or did not."""

    name: str
    accepted: bool
