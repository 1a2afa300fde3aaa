"""A calendar as somebody else's program reads it: ical.js, by Node, which knows nothing of our code."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

WEB = Path(__file__).parents[2] / "web"
NODE = Path(sys.executable).parent / "node"
SCRIPT = """
import ICAL from "ical.js";
let text = "";
for await (const part of process.stdin.setEncoding("utf8")) text += part;
const { zone, calendar } = JSON.parse(text);
const clock = new Intl.DateTimeFormat("sv", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
const root = new ICAL.Component(ICAL.parse(calendar));
const told = root.getAllSubcomponents("vevent").map((component) => {
  const event = new ICAL.Event(component);
  if (event.isRecurring()) throw new Error("It is to be told one by one.");
  const start = event.startDate.toJSDate();
  return {
    uid: event.uid,
    start: start.toISOString(),
    end: event.endDate.toJSDate().toISOString(),
    wall: clock.format(start),
    summary: event.summary,
    description: event.description,
    place: event.location,
    url: component.getFirstPropertyValue("url"),
    status: component.getFirstPropertyValue("status"),
    busy: component.getFirstPropertyValue("transp") === "OPAQUE",
    sequence: event.sequence,
  };
});
console.log(JSON.stringify({ name: root.getFirstPropertyValue("x-wr-calname"), events: told }));
"""


async def read_by_others(calendar: bytes, zone: str = "Europe/Berlin") -> dict[str, Any]:
    """Its name, and its events in their order; `wall` = what a clock on the wall in that zone shows."""
    pipe = asyncio.subprocess.PIPE
    node = await asyncio.create_subprocess_exec(
        NODE, "--input-type=module", "--eval", SCRIPT, cwd=WEB, stdin=pipe, stdout=pipe, stderr=pipe
    )
    said, wrong = await node.communicate(json.dumps({"zone": zone, "calendar": calendar.decode()}).encode())
    assert node.returncode == 0, wrong.decode()
    found: dict[str, Any] = json.loads(said)
    return found
