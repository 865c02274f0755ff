/*
 * The user's netrc, in the two ways in which clients read it. go (cmd/go/internal/auth/netrc.go) splits lines into words, knows
 * neither quotes nor comments, takes the first entry for a host, and stops at `default`. Python (its module `netrc`, which pip's
 * requests uses) has quotes, escapes and comments, takes the last entry and that of `default`, and has nothing of a file with an error.
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

/** The entries of go. The first entry for a host counts. Empty if there is no file, or it cannot be read. */
export function goNetrc({
  env,
  folder = '.',
  platform = process.platform,
}: NetrcOptions): NetrcLine[] {
  const legacy = join(homeOf(env), '_netrc');
  const usual = platform === 'win32' && existsSync(legacy) ? legacy : join(homeOf(env), '.netrc');
  return parseGoNetrc(textIn(resolve(folder, env['NETRC'] || usual)));
}

/** The entry that pip has for a host. */
export function pythonNetrc(
  host: string,
  { env, folder = '.' }: NetrcOptions,
): NetrcLine | undefined {
  const named = env['NETRC'];
  const usual = ['.netrc', '_netrc'].map((name) => join(homeOf(env), name));
  const files =
    named === undefined ? usual : named === '' ? [] : [resolve(folder, fromTilde(named, env))];
  const file = files.find(existsSync);
  if (file === undefined) return undefined;
  const entries = parsePythonNetrc(textIn(file));
  return entries.get(host) ?? entries.get('default');
}

function fromTilde(path: string, env: Variables): string {
  return path === '~' || path.startsWith('~/') ? join(homeOf(env), path.slice(1)) : path;
}

function textIn(file: string): string {
  return readWithMark(file)?.text ?? '';
}

export function parseGoNetrc(text: string): NetrcLine[] {
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

/** Entries by host. Empty for a file that Python's module refuses. */
export function parsePythonNetrc(text: string): ReadonlyMap<string, NetrcLine> {
  const entries = new Map<string, NetrcLine>();
  const words = new NetrcWords(text.replaceAll(/\r\n?/g, '\n'));
  for (let word = words.next(); word !== ''; word = words.next()) {
    if (word.startsWith('#')) {
      if (word === '#' && !words.endedLine) words.skipLine();
    } else if (word === 'macdef') {
      words.next();
      if (!words.skipMacro()) return new Map();
    } else if (word === 'machine' || word === 'default') {
      const machine = word === 'default' ? word : words.next();
      const entry = machine === '' ? undefined : entryOf(words, machine);
      if (entry === undefined) return new Map();
      entries.set(machine, entry);
    } else return new Map();
  }
  return entries;
}

/** Undefined if Python does not know a word. */
function entryOf(words: NetrcWords, machine: string): NetrcLine | undefined {
  const values = { login: '', account: '', password: '' };
  for (;;) {
    const word = words.next();
    if (word.startsWith('#')) {
      if (!words.endedLine) words.skipLine();
    } else if (word === '' || word === 'machine' || word === 'default' || word === 'macdef') {
      words.giveBack(word);
      const { login, account, password } = values;
      return { machine, login: login === '' ? account : login, password };
    } else if (word === 'login' || word === 'user') values.login = words.next();
    else if (word === 'account' || word === 'password') values[word] = words.next();
    else return undefined;
  }
}

/** White space, then a word in quotes, or one that ends at white space. A backslash takes the next character as it is. */
const WORD =
  /[\t\n\r ]*(?:"((?:[^"\\]+|\\[^])*)(?:"|\\?$)|((?:[^\t\n\r \\]+|\\[^])*)(?:[\t\n\r ]|\\?$))/y;

/** The words of a netrc as Python's lexer has them. */
class NetrcWords {
  readonly #text: string;
  #at = 0;
  #back: string | undefined;
  /** Whether a line ended before or behind the last word. */
  endedLine = false;

  constructor(text: string) {
    this.#text = text;
  }

  giveBack(word: string): void {
    this.#back = word;
  }

  next(): string {
    const back = this.#back;
    this.#back = undefined;
    WORD.lastIndex = this.#at;
    const match = back === undefined ? WORD.exec(this.#text) : null;
    this.endedLine = match?.[0].includes('\n') ?? false;
    this.#at += match?.[0].length ?? 0;
    return back ?? (match?.[1] ?? match?.[2] ?? '').replaceAll(/\\([^])/g, '$1');
  }

  skipLine(): string {
    const end = this.#text.indexOf('\n', this.#at);
    const line = this.#text.slice(this.#at, end < 0 ? undefined : end + 1);
    this.#at += line.length;
    return line;
  }

  /** Whether the macro ends with an empty line. */
  skipMacro(): boolean {
    for (;;) {
      const line = this.skipLine();
      if (line === '\n' || line === '') return line !== '';
    }
  }
}
