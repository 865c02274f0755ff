/* Tells the server's own pages from other sites, which can make a browser send requests with the credentials of its user. */
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a page of this server sends the request.
 * @param ownOrigin The origin that browsers know the server by, if it is configured. Otherwise the host of the request counts.
 */
export function isOwnPage(headers: IncomingHttpHeaders, ownOrigin?: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin, host } = headers;
  if (origin === undefined || !URL.canParse(origin)) return false;
  return origin === ownOrigin || new URL(origin).host === host;
}
