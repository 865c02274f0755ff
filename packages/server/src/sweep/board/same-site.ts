import type { IncomingHttpHeaders } from 'node:http';

/** Whether the board's own page sends the request. Other sites can make a browser send requests with the password. */
export function isOwnPage(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
