/** Makes pictures smaller, one after the other: several large ones at once would not fit into a phone. */

import { scaledHere, type FromScaler } from "./scaling";

let turn: Promise<unknown> = Promise.resolve();

addEventListener("message", ({ data }: MessageEvent<{ n: number; blob: Blob }>) => {
  const answer = (said: FromScaler) => self.postMessage(said);
  turn = turn.then(() =>
    scaledHere(data.blob).then(
      (scaled) => answer({ n: data.n, scaled }),
      () => answer({ n: data.n, scaled: null }),
    ),
  );
});
