"""What a browser keeps of a person: read from its own store, as somebody who holds the device could."""

import asyncio
from typing import Any

from browser.viewer import Viewer

# What comes unasked takes its time: some seconds until it begins, and between two rooms; so does storing.
PATIENCE_S = 30

_READ = """
async () => {
  const named = (await indexedDB.databases()).filter(({ name }) => name.startsWith("clubroom-"));
  const asked = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const found = [];
  for (const { name } of named) {
    const db = await asked(indexedDB.open(name));
    const all = (store) => asked(db.transaction(store).objectStore(store).getAll());
    const groups = (await all("groups")).map(({ group, seq, messages }) => ({
      group, seq, texts: messages.map(({ text }) => text),
    }));
    const outbox = (await all("outbox")).map(({ group, text, state, seq }) => ({ group, text, state, seq }));
    db.close();
    found.push({ name, groups, outbox });
  }
  return found;
}
"""


async def stores(viewer: Viewer) -> list[dict[str, Any]]:
    """Each store: `name`, its `groups` with `seq` and `texts`, and its `outbox`."""
    found: list[dict[str, Any]] = await viewer.page.evaluate(_READ)
    return found


async def kept_texts(viewer: Viewer) -> dict[int, list[str]]:
    """What is kept of each group, whoever it belongs to."""
    kept = await stores(viewer)
    return {group["group"]: group["texts"] for store in kept for group in store["groups"]}


async def keeps(viewer: Viewer, wanted: dict[int, list[str]]) -> None:
    """Waits until of these groups exactly that is kept; of one with no texts nothing is."""
    kept: dict[int, list[str]] = {}
    try:
        async with asyncio.timeout(PATIENCE_S):
            while any(kept.get(group, []) != texts for group, texts in wanted.items()):
                kept = await kept_texts(viewer)
    except TimeoutError:
        raise AssertionError(f"{kept} is kept, not {wanted}") from None
