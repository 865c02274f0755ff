/* GOAUTH, as cmd/go/internal/auth/auth.go reads it (go 1.24). */
import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { splitQuoted } from '@tarwarden/settings';

/** One way to credentials. */
export type AuthMethod =
  | { readonly kind: 'netrc' }
  | { readonly kind: 'git'; readonly folder: string }
  | { readonly kind: 'command'; readonly words: readonly string[] };

/** A GOAUTH with which go ends as well, where it has to fetch by https. */
export class GoAuthError extends Error {
  readonly code = 'GOAUTH_INVALID';
}

/**
 * The methods of a list, in its order. A command whose quotes are not closed is left out: go goes on without it.
 * @throws GoAuthError
 */
export function parseGoAuth(goauth: string): readonly AuthMethod[] {
  if (goauth === 'off') return [];
  const commands = goauth.split(';').map((one) => one.trim());
  return commands.flatMap((command): readonly AuthMethod[] => {
    const [name, ...words] = command.split(/\s+/);
    if (name === '') throw new GoAuthError('GOAUTH has an empty command');
    if (name === 'off') throw new GoAuthError('GOAUTH has "off" beside other commands');
    if (name === 'netrc') return [{ kind: 'netrc' }];
    if (name === 'git') return [{ kind: 'git', folder: gitFolder(words) }];
    const split = splitQuoted(command);
    return split === undefined ? [] : [{ kind: 'command', words: split }];
  });
}

function gitFolder(words: readonly string[]): string {
  const [folder = '', ...more] = words;
  if (!isAbsolute(folder) || more.length > 0)
    throw new GoAuthError('"git" of GOAUTH needs the absolute path of one folder, without spaces');
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new GoAuthError('what "git" of GOAUTH names is not a folder');
  return folder;
}
