import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { GoAuthError, type GoAuthentication, type GoAuthMethod } from '@tarwarden/guard/go';
import { netrcLines } from '../shared/netrc.ts';
import type { Variables } from '../shared/where.ts';

/**
 * Words as cmd/internal/quoted of go splits them: quotes count at the beginning of a word, and nothing in them is escaped.
 * Undefined if a quote is not closed.
 */
export function splitQuoted(text: string): string[] | undefined {
  const words: string[] = [];
  let remaining = text;
  for (;;) {
    remaining = remaining.replace(/^[ \t\n\r]+/, '');
    if (remaining === '') return words;
    const [quote = ''] = remaining;
    if (quote === '"' || quote === "'") {
      const end = remaining.indexOf(quote, 1);
      if (end < 0) return undefined;
      words.push(remaining.slice(1, end));
      remaining = remaining.slice(end + 1);
    } else {
      const [word = ''] = /^[^ \t\n\r]+/.exec(remaining) ?? [];
      words.push(word);
      remaining = remaining.slice(word.length);
    }
  }
}

/** @param goauth The effective GOAUTH. It is empty for a go older than that variable, which reads ~/.netrc. */
export function goAuthentication(goauth: string, env: Variables): GoAuthentication {
  return {
    methods: () => parseGoAuth(goauth === '' ? 'netrc' : goauth),
    netrc: () => netrcLines({ env }),
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
  const [folder = '', ...furtherWords] = words;
  if (!isAbsolute(folder) || furtherWords.length > 0)
    throw new GoAuthError('"git" of GOAUTH needs the absolute path of one folder, without spaces');
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new GoAuthError('what "git" of GOAUTH names is not a folder');
  return folder;
}
