/*
 * What verdaccio answers by itself: the pages of its web interface, and the files of these. None of the routes that give out packages has
 * `static` or `web` where these addresses have it. (A package may be called `robots.txt`.)
 */

const PAGE = /^\/(?:-\/(?:static|web)(?:\/(?!\.{1,2}(?:\/|$))[\w@.~+-]+)+\/?)?$/;

/** @param target As the request has it. */
export function isPage(method: string | undefined, target: string | undefined): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return PAGE.test((target ?? '').split('?', 1)[0]!);
}

/** Below `/-/`: what the web interface asks for. Passed on as the rest of the API is, as text in which no reader of tar finds an entry. */
export const WEB_API: RegExp = /^verdaccio\/(?:data|sec)\/.+$/;
