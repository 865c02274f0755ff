import { parse } from 'ini';
import type { ReplacedSettings } from '../files.ts';
import { withNpmVariables } from '../npm.ts';
import type { Variables } from '../where.ts';
import { isRegistry, withRegistries } from './registries.ts';

/**
 * Texts that bun and npm's parser read differently: lines that end otherwise than by a line feed, variables behind a backslash that is
 * itself escaped or in quotes, UTF-16, which bun decodes, and sections, which take the place of a setting of their name for npm's parser.
 */
const READ_DIFFERENTLY =
  /\r[^\r\n]|[\u2028\u2029]|\\\\\$\{|(?:^|\n)[^=\n]*=[^\S\n]*["'][^\n]*\\\$\{|\0|^\uFFFD\uFFFD|(?:^|\n)[^\S\n]*\[[^\S\n]*["']?(?:registry|ca|@|\/\/)/;

/**
 * The settings in the text of an .npmrc, as bun has them, and as they are written. Unlike npm, bun replaces no variable in a name. It
 * passes over lists but those of authorities, over sections, and over a registry that is no text.
 * @throws an Error for a text that bun may read differently.
 */
export function bunNpmrcValues(text: string, env: Variables): ReplacedSettings {
  if (READ_DIFFERENTLY.test(text) || text.split('\n').some(isNullOfDots))
    throw new Error('bun may read this differently');
  const written = Object.entries(parse(text)).flatMap(taken);
  const values = written.map(([name, value]): readonly [string, unknown] => [
    name,
    typeof value === 'string' ? withNpmVariables(value, env) : value,
  ]);
  return { values: withRegistries(new Map(values), env), written: new Map(written) };
}

/** Whether a line gives `null` to a name with a dot. npm's parser takes such a name for a section, which replaces a setting. */
function isNullOfDots(line: string): boolean {
  const end = line.indexOf('=');
  return line.slice(0, end).includes('.') && /^\s*["']?null/.test(line.slice(end + 1));
}

function taken([name, value]: readonly [string, unknown]): (readonly [string, unknown])[] {
  if (typeof value === 'string') return [[name, value]];
  const isMeant = name === 'ca' ? Array.isArray(value) : typeof value === 'boolean';
  return isMeant && !isRegistry(name) ? [[name, value]] : [];
}
