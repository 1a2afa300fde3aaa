"""Letters in English: subject and text of each, and the pieces that their lists are made of."""

LETTERS = {
    "verify": (
        "Is this your address?",
        """Hello “{name}”,

somebody gave this address at {place}. If it was you, open this link and it is confirmed:

{link}

It works for two days. If it was not you, do nothing: somebody mistyped.
""",
    ),
    "reset": (
        "A new password",
        """Hello “{name}”,

somebody asked for a new password at {place}. If it was you, open this link and choose one:

{link}

It works once, for 30 minutes. If it was not you, do nothing: your password stays as it is.
""",
    ),
    "invitation": (
        "You are invited to “{club}”",
        """Hello “{name}”,

“{by}” invites you to “{club}” at {place}. This link is yours; open it, and you are in:

{link}

It works once, for 60 days. If you know nobody there, do nothing: nobody learns that you got this.
""",
    ),
    "address_changed": (
        "Your address was changed",
        """Hello “{name}”,

at {place} you now sign in with another address; this one no longer counts.

If that was not you, somebody knows your password. Ask an owner or admin of
your club, or whoever runs the place.
""",
    ),
    "password_changed": (
        "Your password was changed",
        """Hello “{name}”,

your password at {place} was changed, and your other devices were signed out.

If that was not you, choose “Forgot your password?” where you sign in, at once.
""",
    ),
    "password_reset": (
        "You have a new password",
        """Hello “{name}”,

by a link that was sent here you have a new password at {place}. All your devices were signed out.

If that was not you, somebody reads your mail. Change that password first, then this one.
""",
    ),
    "passkey_added": (
        "A new passkey",
        """Hello “{name}”,

your account at {place} has a new passkey: whoever holds it signs in as you.

If that was not you, remove it under Settings, and sign out your other devices there.
""",
    ),
    "identity_added": (
        "A new way to sign in",
        """Hello “{name}”,

your account at {place} is connected with an account at the issuer of that place: whoever signs in there
signs in as you.

If that was not you, disconnect it under Settings, and sign out your other devices there.
""",
    ),
    "account_deleted": (
        "Good-bye",
        """Hello “{name}”,

your account at {place} is deleted. Thank you for having been here.
""",
    ),
    "missed": (
        "What you missed at {place}",
        """Hello “{name}”,

since you were last at {place} this is new there:

{rooms}
{called}
Read on at {home}

This letter comes once a day at most, and only while no device of yours can
tell you. If you want no more of them, open this:

{link}
""",
    ),
    "announcement": (
        "An announcement in “{club}”",
        """Hello “{name}”,

“{by}” announces in {where}:

{words}

This letter comes because no device of yours can tell you. If you want no
announcements by mail, open this:

{link}
""",
    ),
    "event_asked": (
        "Are you coming? “{event}”",
        """Hello “{name}”,

in “{club}” you are asked whether you come:

{event_said}

{answers}
This letter comes because no device of yours can tell you. If you want no
letters like this, open this:

{link}
""",
    ),
    "event_offer": (
        "A place is free for you: “{event}”",
        """Hello “{name}”,

a place is free for you until {until}. After that it goes to the next:

{event_said}

{answers}
This letter comes because no device of yours can tell you. If you want no
letters like this, open this:

{link}
""",
    ),
    "event_changed": (
        "Changed: “{event}”",
        """Hello “{name}”,

time or place has changed since you said that you come. Are you still coming?

{event_said}

{answers}
This letter comes because no device of yours can tell you. If you want no
letters like this, open this:

{link}
""",
    ),
    "event_cancelled": (
        "Cancelled: “{event}”",
        """Hello “{name}”,

this does not take place:

{event_said}

This letter comes because no device of yours can tell you. If you want no
letters like this, open this:

{link}
""",
    ),
}

PIECES = {
    "going": "Going:",
    "maybe": "Maybe:",
    "no": "Can't:",
    "club": "“{club}”",
    "channel": "“{club}”, “{name}”",
    "admins": "“{club}”, for owners and admins",
    "dm": "you and {people}",
    "person": "“{name}”",
    "count": "{where}: {n}",
    "many": "more than {n}",
    "more": "further rooms: {n}",
    "for_you": "For you:",
    "said": "“{by}” in {where}:",
    "everyone": "everyone",
    "someone": "someone",
}
