/*
 * Verdaccio itself answers for the pages of its web interface and their files. No route that gives out packages has `static` or `web`
 * in that part of its path. (A package may be called `robots.txt`.)
 */

const PAGE = /^\/(?:-\/(?:static|web)(?:\/(?!\.{1,2}(?:\/|$))[\w@.~+-]+)+\/?)?$/;

/** @param target As the request has it. */
export function isPage(method: string | undefined, target: string | undefined): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return PAGE.test((target ?? '').split('?', 1)[0]!);
}

/** Requests of the web interface below `/-/`. They are passed on like the rest of the API: as text in which no reader of tar finds an entry. */
export const WEB_API: RegExp = /^verdaccio\/(?:data|sec)\/.+$/;
