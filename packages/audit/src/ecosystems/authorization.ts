/* Decides which credential of the user is sent to which address. */
import { netrcLines, type Variables } from '@tarwarden/clients/settings';
import { basicAuthorization, userOf } from '@tarwarden/guard';

/** The `authorization` header for the user in an address that was asked for, which only its own origin gets. */
export function userFor(to: URL, requested: URL): string | undefined {
  return to.origin === requested.origin ? userOf(requested) : undefined;
}

/** Headers by origin, for the addresses that contain a user. The first address of an origin counts. */
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
 * The entry of the user's netrc for a host. Anybody can write an address into a lockfile, and a netrc has no ports. So only https on its
 * usual port gets the entry, and no host gets the one for all hosts, which pip sends as well.
 */
export function netrcFor(url: URL, env: Variables): string | undefined {
  if (url.protocol !== 'https:' || url.port !== '') return undefined;
  const entry = netrcLines({ env }).find(({ machine }) => machine === url.hostname);
  return entry && basicAuthorization(`${entry.login}:${entry.password}`);
}
