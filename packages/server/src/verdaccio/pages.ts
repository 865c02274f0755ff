/*
 * Pages of verdaccio's web interface and their files, which verdaccio answers itself. No route for packages has `static` or `web`
 * in these places. (A package may be called `robots.txt`.)
 */

const PAGE = /^\/(?:-\/(?:static|web)(?:\/(?!\.{1,2}(?:\/|$))[\w@.~+-]+)+\/?)?$/;

/** @param target The target in the request. */
export function isPage(method: string | undefined, target: string | undefined): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return PAGE.test((target ?? '').split('?', 1)[0]!);
}

/** Requests of the web interface below `/-/`. They pass like the rest of the API, as text in which no tar reader finds an entry. */
export const WEB_API: RegExp = /^verdaccio\/(?:data|sec)\/.+$/;
