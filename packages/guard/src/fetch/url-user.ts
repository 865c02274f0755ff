/* The user that an address names. */
import { decodedUrl } from '@tarwarden/core/text';

/** The `authorization` header for the user in an address. Undefined if it has none. */
export function userOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return basicAuthorization(`${decodedUrl(username)}:${decodedUrl(password)}`);
}

/** @param user Name and password, with a colon between them. */
export function basicAuthorization(user: string): string {
  return `Basic ${Buffer.from(user).toString('base64')}`;
}
