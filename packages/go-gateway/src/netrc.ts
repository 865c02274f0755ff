/* ~/.netrc, as cmd/go/internal/auth/netrc.go reads it (go 1.24). */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface NetrcLine {
  readonly machine: string;
  readonly login: string;
  readonly password: string;
}

/** Bytes of a file that are read; a real one has a few lines. */
const MAX_NETRC_BYTES = 1024 * 1024;

export function parseNetrc(text: string): NetrcLine[] {
  const lines: NetrcLine[] = [];
  let machine = '';
  let login = '';
  let password = '';
  let inMacro = false;
  for (const line of text.split('\n')) {
    if (inMacro) {
      inMacro = line !== '';
      continue;
    }
    const words = line.split(/\s+/).filter((word) => word !== '');
    for (let at = 0; at + 1 < words.length; at += 2) {
      const [key, value] = [words[at], words[at + 1]!];
      if (key === 'machine') [machine, login, password] = [value, '', ''];
      else if (key === 'login') login = value;
      else if (key === 'password') password = value;
      else if (key === 'macdef') inMacro = true;
      if (machine !== '' && login !== '' && password !== '') {
        lines.push({ machine, login, password });
        [machine, login, password] = ['', '', ''];
      }
    }
    // What follows a default is of no machine.
    if (words.length % 2 === 1 && words.at(-1) === 'default') break;
  }
  return lines;
}

/** The lines of the user's file; none where there is none, or where it cannot be read. */
export function readNetrc(env: NodeJS.ProcessEnv): NetrcLine[] {
  const name = process.platform === 'win32' ? '_netrc' : '.netrc';
  const file = env['NETRC'] || join(env['HOME'] ?? homedir(), name);
  try {
    const text = readFileSync(file, 'utf8');
    return text.length > MAX_NETRC_BYTES ? [] : parseNetrc(text);
  } catch {
    return [];
  }
}
