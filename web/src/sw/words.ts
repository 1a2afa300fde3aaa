/** The worker's own words, in the language of whoever uses this device. */

import { toldByPage } from "../state/told";
import { worker as de } from "../texts/worker.de";
import { worker as en, type WorkerTexts } from "../texts/worker.en";

const LANGUAGES: Readonly<Record<string, WorkerTexts>> = { de, en };

export async function words(): Promise<WorkerTexts> {
  const chosen = (await toldByPage())?.language;
  const wanted = chosen ? [chosen] : navigator.languages.map((tag) => tag.split("-")[0]!.toLowerCase());
  const first = wanted.find((one) => one in LANGUAGES);
  return first ? LANGUAGES[first]! : en;
}
