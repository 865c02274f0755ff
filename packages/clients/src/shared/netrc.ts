/*
 * The user's netrc, as go reads it (cmd/go/internal/auth/netrc.go): it splits lines into words, knows neither quotes nor comments, takes
 * the first entry for a host, and stops at `default`. An audit reads it in the same way for the indexes of pip.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readWithMark } from './files.ts';
import { homeOf, type Variables } from './where.ts';

export interface NetrcLine {
  readonly machine: string;
  readonly login: string;
  readonly password: string;
}

export interface NetrcOptions {
  readonly env: Variables;
  readonly folder?: string;
  readonly platform?: NodeJS.Platform;
}

/** The entries. The first entry for a host counts. Empty if there is no file, or it cannot be read. */
export function netrcLines({
  env,
  folder = '.',
  platform = process.platform,
}: NetrcOptions): NetrcLine[] {
  const legacy = join(homeOf(env), '_netrc');
  const usual = platform === 'win32' && existsSync(legacy) ? legacy : join(homeOf(env), '.netrc');
  return parseNetrc(readWithMark(resolve(folder, env['NETRC'] || usual))?.text ?? '');
}

export function parseNetrc(text: string): NetrcLine[] {
  const lines: NetrcLine[] = [];
  let [machine, login, password] = ['', '', ''];
  let inMacro = false;
  for (const line of text.split('\n')) {
    if (inMacro) {
      inMacro = line !== '';
      continue;
    }
    // The characters that Go's unicode.IsSpace is true for.
    const words = line.split(/[\t-\r \x85\xA0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+/);
    const fields = words.filter((word) => word !== '');
    for (let at = 0; at + 1 < fields.length; at += 2) {
      const [key, value] = [fields[at], fields[at + 1]!];
      if (key === 'machine') [machine, login, password] = [value, '', ''];
      else if (key === 'login') login = value;
      else if (key === 'password') password = value;
      else if (key === 'macdef') inMacro = true;
      if (machine !== '' && login !== '' && password !== '') {
        lines.push({ machine, login, password });
        [machine, login, password] = ['', '', ''];
      }
    }
    // Lines after a default belong to no machine.
    if (fields.length % 2 === 1 && fields.at(-1) === 'default') break;
  }
  return lines;
}
