"""What is said, and what is done to it."""

from typing import Literal
from uuid import UUID

import msgspec

from clubroom.actions.shape import Action


class MessageImage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An image or a document in a message. `alt` says what is to be seen. An image has a size in pixels, and
    a `placeholder`: a tiny WebP in base64. A document has a name, and a length in bytes.
    """

    id: UUID
    kind: Literal["image", "document"]
    alt: str = ""
    width: int | None = None
    height: int | None = None
    placeholder: str | None = None
    name: str | None = None
    length: int | None = None


class MessagePosted(Action, frozen=True, tag="message_posted"):
    """A message as it stands now: an edit or a deletion rewrites this action at its place (L4). `reply_to` is
    the id of the message that it answers, `event` the group of the event whose card it is. `images` stay as
    they are, in their order, when the text is edited.
    """

    id: UUID
    author: str
    text: str
    reply_to: UUID | None = None
    event: int | None = None
    images: list[MessageImage] = msgspec.field(default_factory=list)
    deleted: bool = False


class MessageEdited(Action, frozen=True, tag="message_edited"):
    """Its author wrote it anew; rewritten, too, by whatever is done to the text later."""

    id: UUID
    text: str
    deleted: bool = False


class LinkPreview(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a page says that it is about, in plain text. `url` = the link as it stands in the message."""

    url: str
    title: str
    description: str = ""
    site: str = ""
    image: MessageImage | None = None


class LinkPreviewed(Action, frozen=True, tag="link_previewed"):
    """What the first link of a message shows; without a preview nothing, or nothing any more. What is removed
    or gone is taken out of the earlier actions, too.
    """

    id: UUID
    preview: LinkPreview | None = None


class MessageDeleted(Action, frozen=True, tag="message_deleted"):
    """The message says nothing any more, and has no emotes and no pin."""

    id: UUID
    by: str


class MessagePinned(Action, frozen=True, tag="message_pinned"):
    """The message is one of those that the room holds on to."""

    id: UUID
    by: str


class MessageUnpinned(Action, frozen=True, tag="message_unpinned"):
    """It is not any more."""

    id: UUID
    by: str


class EmoteAdded(Action, frozen=True, tag="emote_added"):
    """Somebody reacted to a message."""

    id: UUID
    emote: str
    user: str


class EmoteRemoved(Action, frozen=True, tag="emote_removed"):
    """Somebody took a reaction back."""

    id: UUID
    emote: str
    user: str
