"""Letters in German: subject and text of each, and the pieces that their lists are made of."""

LETTERS = {
    "verify": (
        "Ist das deine Adresse?",
        """Hallo „{name}“,

auf {place} hat jemand diese Adresse angegeben. Wenn du das warst, öffne diesen Link, und sie ist bestätigt:

{link}

Er gilt zwei Tage. Wenn du es nicht warst, brauchst du nichts zu tun: Da hat sich jemand vertippt.
""",
    ),
    "reset": (
        "Ein neues Passwort",
        """Hallo „{name}“,

auf {place} hat jemand um ein neues Passwort gebeten. Wenn du das warst, öffne diesen Link und wähle eins:

{link}

Er gilt einmal, 30 Minuten lang. Wenn du es nicht warst, brauchst du nichts zu
tun: Dein Passwort bleibt, wie es ist.
""",
    ),
    "invitation": (
        "Du bist eingeladen: „{club}“",
        """Hallo „{name}“,

„{by}“ lädt dich in „{club}“ auf {place} ein. Dieser Link ist deiner; öffne ihn, und du bist drin:

{link}

Er gilt einmal, 60 Tage lang. Wenn du dort niemanden kennst, brauchst du nichts zu tun: Niemand erfährt, dass
du diese Mail bekommen hast.
""",
    ),
    "address_changed": (
        "Deine Adresse wurde geändert",
        """Hallo „{name}“,

auf {place} meldest du dich jetzt mit einer anderen Adresse an; diese gilt dort nicht mehr.

Wenn du das nicht warst, kennt jemand dein Passwort. Wende dich an die Leitung
deines Vereins oder an die Person, die den Ort betreibt.
""",
    ),
    "password_changed": (
        "Dein Passwort wurde geändert",
        """Hallo „{name}“,

dein Passwort auf {place} wurde geändert, und deine anderen Geräte wurden abgemeldet.

Wenn du das nicht warst, wähle gleich beim Anmelden „Passwort vergessen?“.
""",
    ),
    "password_reset": (
        "Du hast ein neues Passwort",
        """Hallo „{name}“,

über einen Link, der hierher ging, hast du auf {place} ein neues Passwort.
Alle deine Geräte wurden abgemeldet.

Wenn du das nicht warst, liest jemand deine Post. Ändere zuerst ihr Passwort, dann dieses.
""",
    ),
    "passkey_added": (
        "Ein neuer Passkey",
        """Hallo „{name}“,

dein Konto auf {place} hat einen neuen Passkey: Wer ihn hat, meldet sich als du an.

Wenn du das nicht warst, entferne ihn in den Einstellungen und melde dort deine
anderen Geräte ab.
""",
    ),
    "identity_added": (
        "Ein neuer Weg, dich anzumelden",
        """Hallo „{name}“,

dein Konto auf {place} ist jetzt mit einem Konto beim Anmeldedienst dieses Ortes verbunden: Wer sich
dort anmeldet, meldet sich als du an.

Wenn du das nicht warst, trenne es in den Einstellungen und melde dort deine anderen Geräte ab.
""",
    ),
    "account_deleted": (
        "Auf Wiedersehen",
        """Hallo „{name}“,

dein Konto auf {place} ist gelöscht. Schön, dass du da warst.
""",
    ),
    "missed": (
        "Was du auf {place} verpasst hast",
        """Hallo „{name}“,

seit du zuletzt auf {place} warst, gibt es dort Neues:

{rooms}
{called}
Weiterlesen: {home}

Diese Mail kommt höchstens einmal am Tag und nur, solange dir kein Gerät
Bescheid geben kann. Wenn du keine mehr willst, öffne dies:

{link}
""",
    ),
    "announcement": (
        "Eine Ankündigung in „{club}“",
        """Hallo „{name}“,

„{by}“ kündigt an ({where}):

{words}

Diese Mail kommt, weil dir kein Gerät Bescheid geben kann. Wenn du keine
Ankündigungen per Mail willst, öffne dies:

{link}
""",
    ),
    "event_asked": (
        "Kommst du? „{event}“",
        """Hallo „{name}“,

in „{club}“ wirst du gefragt, ob du kommst:

{event_said}

{answers}
Diese Mail kommt, weil dir kein Gerät Bescheid geben kann. Wenn du keine
solchen Mails willst, öffne dies:

{link}
""",
    ),
    "event_offer": (
        "Ein Platz ist für dich frei: „{event}“",
        """Hallo „{name}“,

bis {until} ist ein Platz für dich frei. Danach geht er an die Nächsten:

{event_said}

{answers}
Diese Mail kommt, weil dir kein Gerät Bescheid geben kann. Wenn du keine
solchen Mails willst, öffne dies:

{link}
""",
    ),
    "event_changed": (
        "Geändert: „{event}“",
        """Hallo „{name}“,

Zeit oder Ort hat sich geändert, seit du zugesagt hast. Kommst du noch?

{event_said}

{answers}
Diese Mail kommt, weil dir kein Gerät Bescheid geben kann. Wenn du keine
solchen Mails willst, öffne dies:

{link}
""",
    ),
    "event_cancelled": (
        "Abgesagt: „{event}“",
        """Hallo „{name}“,

das findet nicht statt:

{event_said}

Diese Mail kommt, weil dir kein Gerät Bescheid geben kann. Wenn du keine
solchen Mails willst, öffne dies:

{link}
""",
    ),
}

PIECES = {
    "going": "Dabei:",
    "maybe": "Vielleicht:",
    "no": "Kann nicht:",
    "club": "„{club}“",
    "channel": "„{club}“, „{name}“",
    "admins": "„{club}“, für die Leitung",
    "dm": "du und {people}",
    "person": "„{name}“",
    "count": "{where}: {n}",
    "many": "mehr als {n}",
    "more": "weitere Räume: {n}",
    "for_you": "Für dich:",
    "said": "„{by}“ ({where}):",
    "everyone": "alle",
    "someone": "jemand",
}
