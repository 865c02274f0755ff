/* Reads cookies, and writes those of the pages. */
import type { IncomingMessage } from 'node:http';

/** The most characters of the header. Node's own limit for all headers is 16 kB. */
const HEADER_CHARS_MAX = 8_192;

/** `token`: of a person who has signed in. `form`: proves that a form comes from a page of this server. */
export type CookieKind = 'token' | 'form';

/**
 * Browsers send neither cookie with forms of other sites. They send `form` when a person follows a link of another site, so that the server
 * does not replace it while another page with a form is open.
 */
const SAME_SITE: Readonly<Record<CookieKind, string>> = { token: 'Strict', form: 'Lax' };

/** With https, browsers take a cookie with this name only from this host itself, and not from another host of its domain. */
const HOST_PREFIX = '__Host-';

export interface CookieOptions {
  /** Whether browsers use https. */
  readonly isSecure: boolean;
  /** Seconds; 0 removes the cookie. */
  readonly maxAge: number;
}

/**
 * The value of a cookie. Undefined if there is none, or more than one: somebody may have added the second.
 * @param isSecure Whether browsers use https. Then only the name with the prefix counts.
 */
export function cookieIn(
  { headers: { cookie = '' } }: Pick<IncomingMessage, 'headers'>,
  kind: CookieKind,
  isSecure: boolean,
): string | undefined {
  if (cookie.length > HEADER_CHARS_MAX) return undefined;
  const name = cookieName(kind, isSecure);
  const values = cookie.split(';').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at > 0 && pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : [];
  });
  return values.length === 1 && values[0] !== '' ? values[0] : undefined;
}

/** The `set-cookie` header. @param value Characters that need no encoding. */
export function setCookie(
  kind: CookieKind,
  value: string,
  { isSecure, maxAge }: CookieOptions,
): string {
  const secure = isSecure ? '; Secure' : '';
  return `${cookieName(kind, isSecure)}=${value}; Path=/; HttpOnly; SameSite=${SAME_SITE[kind]}; Max-Age=${maxAge}${secure}`;
}

function cookieName(kind: CookieKind, isSecure: boolean): string {
  return `${isSecure ? HOST_PREFIX : ''}tarwarden-${kind}`;
}
