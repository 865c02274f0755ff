/* Which credential of the user's goes to which address. */
import { pythonNetrc, type Variables } from '@tarwarden/settings';
import { decodedUrl } from '@tarwarden/core/text';

/** The `authorization` header for the user and password that an address has; undefined without them. */
export function userOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return basic(`${decodedUrl(username)}:${decodedUrl(password)}`);
}

export function basic(user: string): string {
  return `Basic ${Buffer.from(user).toString('base64')}`;
}

/** Headers by origin, of the addresses that have a user in them. The first one of an origin counts. */
export function usersByOrigin(addresses: readonly string[]): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const address of addresses) {
    if (!URL.canParse(address)) continue;
    const url = new URL(address);
    const user = userOf(url);
    if (user !== undefined && !users.has(url.origin)) users.set(url.origin, user);
  }
  return users;
}

/**
 * The entry of the user's netrc for a host, as pip has it. Only for https: the file has no ports, and anybody names an address. For the
 * same reason the entry for all hosts, which pip takes as well, is sent to none.
 */
export function netrcFor(url: URL, env: Variables): string | undefined {
  if (url.protocol !== 'https:' || url.port !== '') return undefined;
  const entry = pythonNetrc(url.hostname, { env });
  if (entry === undefined || entry.machine === 'default') return undefined;
  return basic(`${entry.login}:${entry.password}`);
}
