/* npm's command line, as far as it says which files npm reads, or is used here. */
import { NPM_TYPES } from './types.ts';

export interface NpmCommandLine {
  /** By the names of the settings; a switch is `true` or `false`. */
  readonly options: ReadonlyMap<string, string | boolean>;
  /** The command, and its arguments. */
  readonly rest: readonly string[];
}

const SHORT: Readonly<Record<string, string | undefined>> = {
  '-g': '--global',
  '-C': '--prefix',
  '-L': '--location',
  '-w': '--workspace',
  '-ws': '--workspaces',
};

/** Other options that are no switches. */
const WITH_VALUE: ReadonlySet<string> = new Set(['workspace', 'loglevel', 'omit', 'include']);

/** The options, as npm's nopt reads them. Their names have to be written in full. */
export function npmOptions(args: readonly string[]): NpmCommandLine {
  const options = new Map<string, string | boolean>();
  const rest: string[] = [];
  const waiting = [...args];
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    if (/^-{2,}$/.test(word)) return { options, rest: [...rest, ...waiting] };
    const [, no = '', name, value] =
      /^-+((?:no-)*)([^=]+)(?:=(.*))?$/is.exec(SHORT[word] ?? word) ?? [];
    if (name === undefined) {
      rest.push(word);
      continue;
    }
    if (value !== undefined) waiting.unshift(value);
    const [next] = waiting;
    if (no === '' && hasValue(name, value !== undefined)) {
      options.set(name, next === undefined ? true : waiting.shift()!);
      continue;
    }
    const isSaid = next === 'true' || next === 'false';
    const isNo = (no.length / 'no-'.length) % 2 === 1;
    options.set(name, (isSaid ? waiting.shift() === 'true' : true) !== isNo);
  }
  return { options, rest };
}

function hasValue(name: string, isEqual: boolean): boolean {
  const kinds = Object.hasOwn(NPM_TYPES, name) ? NPM_TYPES[name] : undefined;
  if (kinds === undefined) return isEqual || WITH_VALUE.has(name);
  return !kinds.includes('boolean');
}
