/* GOAUTH, as cmd/go/internal/auth/auth.go reads it (go 1.24). */
import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { GoAuthError, type GoAuthentication, type GoAuthMethod } from '@tarwarden/host/go';
import { goNetrc } from '../netrc.ts';
import type { Variables } from '../where.ts';
import { splitQuoted } from './quoted.ts';

/** @param goauth The effective GOAUTH. It is empty for a go older than that variable, which reads ~/.netrc. */
export function goAuthentication(goauth: string, env: Variables): GoAuthentication {
  return {
    methods: () => parseGoAuth(goauth === '' ? 'netrc' : goauth),
    netrc: () => goNetrc({ env }),
  };
}

/**
 * The methods of a list, in its order. It omits a command whose quotes are not closed, as go does.
 * @throws GoAuthError
 */
export function parseGoAuth(goauth: string): readonly GoAuthMethod[] {
  if (goauth === 'off') return [];
  const commands = goauth.split(';').map((command) => command.trim());
  return commands.flatMap((command): readonly GoAuthMethod[] => {
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
