/* Finds credentials in a file that scripts can read. Yarn stops if it cannot read the file, so it is not hidden. */
import { yarnrcValues } from '@tarwarden/settings';

/** Names of settings that hold credentials. */
const SECRET = /^(?:npmAuth(?:Token|Ident)|\w*[pP]assword|\w*[tT]oken)$/;
/** The same names in a line of text. A parser shows only the last of several lines with one name. */
const SECRET_LINE =
  /^[^\S\n\r]*["']?(npmAuth(?:Token|Ident)|\w*[pP]assword|\w*[tT]oken)["']?\s*:\s*["']?(?!\$\{)[^\s"']/m;
/** Addresses with a password, or with a token in place of the user name. */
const SIGNED_IN = /:\/\/(?:[^/\s@:]+|[^/\s@:]*:[^/\s@]+)@/;
/** A variable without a default value. */
const VARIABLE = /\$\{[^${}:-]+(?::?-)?\}/g;

/** The setting of a file that holds credentials and not only a variable. Undefined if there is none. */
export function keptSecret(text: string): string | undefined {
  const [, name] = SECRET_LINE.exec(text) ?? [];
  return name ?? secretIn(parsed(text), new Set());
}

/** Yarn stops if it cannot parse the file. */
function parsed(text: string): unknown {
  try {
    return Object.fromEntries(yarnrcValues(text));
  } catch {
    return undefined;
  }
}

/** `seen`: an alias may show the same object many times. */
function secretIn(value: unknown, seen: Set<object>): string | undefined {
  if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
  seen.add(value);
  for (const [name, part] of Object.entries(value)) {
    if (SIGNED_IN.test(name)) return 'an address with a password';
    if (typeof part === 'string' && isSecret(name, part.replaceAll(VARIABLE, ''))) return name;
    const found = secretIn(part, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isSecret(name: string, text: string): boolean {
  return (SECRET.test(name) && text.trim() !== '') || SIGNED_IN.test(text);
}
