/** The words of the pages that are read without a script. */

import { landing as landingDe } from "../texts/landing.de";
import { landing as landingEn, type Landing } from "../texts/landing.en";
import { pages as pagesDe } from "../texts/pages.de";
import { pages as pagesEn, type Pages } from "../texts/pages.en";

export interface Words {
  landing: Landing;
  pages: Pages;
}
export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

export const WORDS: Record<Language, Words> = {
  en: { landing: landingEn, pages: pagesEn },
  de: { landing: landingDe, pages: pagesDe },
};
