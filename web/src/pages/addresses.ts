/** Where the pages stand that are read without the app. As in fe/pages.py. */

const LANGUAGES = "en|de";
const NAMED = "privacy|terms|licences";
const ADDRESSES = new RegExp(`^/(?:(?:${LANGUAGES})(?:/(?:${NAMED}))?|about|${NAMED})/?$`);

/** Whether the server has a page there; `/` is the app's for whoever has it. */
export const isPage = (path: string): boolean => ADDRESSES.test(path);
