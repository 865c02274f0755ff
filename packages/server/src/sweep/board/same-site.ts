import type { IncomingHttpHeaders } from 'node:http';

/** Whether the board's own page asks: a browser sends the password along with what another site makes it ask. */
export function isOwnPage(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
