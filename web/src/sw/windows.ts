/** The windows of Clubroom that are open: asked what they show, and led to where a notification points. */

import type { ToPage } from "../state/told";
import { scope } from "./scope";

const ANSWER_MS = 500;

/** Whether somebody has this very room before their eyes, or has just been shown this message. Pages are asked: their address here is where they began. */
export async function isShown(group: number, message: string): Promise<boolean> {
  const visible = (await windows()).filter((one) => one.visibilityState === "visible");
  return (await Promise.all(visible.map((one) => shows(one, { kind: "shows?", group, message })))).includes(
    true,
  );
}

/** To the front with a window that is open, or a new one. The page hears first: it may be in front already. */
export async function comeTo(path: string): Promise<void> {
  const all = await windows();
  const one =
    all.find((each) => each.focused) ?? all.find((each) => each.visibilityState === "visible") ?? all[0];
  if (!one) return void (await scope.clients.openWindow(path));
  one.postMessage({ kind: "go", path } satisfies ToPage);
  await one.focus();
}

async function windows(): Promise<readonly WindowClient[]> {
  return scope.clients.matchAll({ type: "window", includeUncontrolled: true });
}

/** No answer in time (a page that sleeps or is older than this question) is a no. */
function shows(window: WindowClient, question: ToPage): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const clock = setTimeout(() => resolve(false), ANSWER_MS);
    port1.onmessage = ({ data }) => {
      clearTimeout(clock);
      resolve(data === true);
    };
    window.postMessage(question, [port2]);
  });
}
