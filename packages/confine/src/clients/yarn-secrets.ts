/* What signs a person in, in a file that scripts can read since Yarn stops where it cannot. */
import { yarnrcValues } from '@tarwarden/settings';

/** Names of settings that sign somebody in. */
const SECRET = /^(?:npmAuth(?:Token|Ident)|\w*[pP]assword|\w*[tT]oken)$/;
/** The same in a line of text. The last of several with one name is all that a parser shows. */
const SECRET_LINE =
  /^[^\S\n\r]*["']?(npmAuth(?:Token|Ident)|\w*[pP]assword|\w*[tT]oken)["']?\s*:\s*["']?(?!\$\{)[^\s"']/m;
/** Addresses with a password in them, or with a token in place of a name. */
const SIGNED_IN = /:\/\/(?:[^/\s@:]+|[^/\s@:]*:[^/\s@]+)@/;
/** A variable, without a default that says something. */
const VARIABLE = /\$\{[^${}:-]+(?::?-)?\}/g;

/** The setting of a file that signs somebody in by more than a variable; undefined where there is none. */
export function keptSecret(text: string): string | undefined {
  const [, name] = SECRET_LINE.exec(text) ?? [];
  return name ?? secretIn(parsed(text), new Set());
}

/** Where Yarn cannot parse it, it stops. */
function parsed(text: string): unknown {
  try {
    return Object.fromEntries(yarnrcValues(text));
  } catch {
    return undefined;
  }
}

/** `seen`: an alias may show the same part many times. */
function secretIn(value: unknown, seen: Set<object>): string | undefined {
  if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
  seen.add(value);
  for (const [name, one] of Object.entries(value)) {
    if (SIGNED_IN.test(name)) return 'an address with a password';
    if (typeof one === 'string' && isSecret(name, one.replaceAll(VARIABLE, ''))) return name;
    const found = secretIn(one, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isSecret(name: string, text: string): boolean {
  return (SECRET.test(name) && text.trim() !== '') || SIGNED_IN.test(text);
}
