/** Draws the pages once, when the client is built: what they say is in them, and no script is needed to read it. */

import { render } from "svelte/server";
import { chooseLanguage, t } from "../texts";
import "../fonts.css";
import "../tokens.css";
import "../base.css";
import "./pages.css";
import LandingPage from "./LandingPage.svelte";
import LicencesPage from "./LicencesPage.svelte";
import NotFoundPage from "./NotFoundPage.svelte";
import TextPage from "./TextPage.svelte";
import { LANGUAGES, WORDS, type Language } from "./words";

export interface Licences {
  packages: readonly { name: string; version: string; licence: string }[];
  texts: readonly { of: string; text: string }[];
}

/** `path` is where it stands behind its language; null = nowhere of its own. `body` has gaps for the server to fill. */
export interface Page {
  name: string;
  language: Language;
  path: string | null;
  title: string;
  description: string;
  body: string;
}

export async function pages(licences: Licences): Promise<Page[]> {
  const made: Page[] = [];
  for (const language of LANGUAGES) {
    await chooseLanguage([language]);
    made.push(...drawn(language, licences));
  }
  return made;
}

function drawn(language: Language, licences: Licences): Page[] {
  const words = WORDS[language];
  const { landing, pages: said } = words;
  const titled = (title: string) => `${title} · ${t.app}`;
  const page = (
    name: string,
    path: string | null,
    title: string,
    description: string,
    body: string,
  ): Page => ({
    name,
    language,
    path,
    title,
    description,
    body: body.replace(/<!--.*?-->/gs, ""),
  });
  const texts = (["privacy", "terms"] as const).map((name) => {
    const { title, lead } = said[name];
    return page(
      name,
      `/${name}`,
      titled(title),
      lead,
      render(TextPage, { props: { words, page: name } }).body,
    );
  });
  return [
    page("landing", "", landing.title, landing.description, render(LandingPage, { props: { words } }).body),
    ...texts,
    page(
      "licences",
      "/licences",
      titled(said.licences.title),
      said.licences.lead,
      render(LicencesPage, { props: { words, licences } }).body,
    ),
    page(
      "not-found",
      null,
      titled(said.notFound.title),
      said.notFound.lead,
      render(NotFoundPage, { props: { words } }).body,
    ),
  ];
}
