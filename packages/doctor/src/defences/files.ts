/* Files of settings. They are read and never run; one that cannot be read hides what is in it, and says so. */
import { errnoOf, isMissing, readBounded } from '@tarwarden/host';
import { parse } from 'ini';
import { DEFAULT_SCHEMA, load } from 'js-yaml';
import type { Layer, Values } from './layer.ts';

/** Bytes of a file of settings; a larger one is not read. */
const FILE_BYTES_MAX = 1024 * 1024;

export type Text = { readonly text: string } | { readonly unreadable: string } | undefined;

/** Undefined where there is no such file. */
export function readText(file: string): Text {
  try {
    const { bytes } = readBounded(file, { bytesMax: FILE_BYTES_MAX, follow: true });
    if (bytes === undefined) return { unreadable: `${file} is not a regular file, or too large` };
    return { text: bytes.toString('utf8').replace(/^\uFEFF/, '') };
  } catch (error) {
    if (isMissing(error)) return undefined;
    return { unreadable: `${file} cannot be read (${errnoOf(error) ?? 'unknown'})` };
  }
}

/** A layer of one file; none where it does not exist. */
export function fileLayer(file: string, valuesOf: (text: string) => Values): Layer[] {
  const read = readText(file);
  if (read === undefined) return [];
  const source = () => ({ kind: 'file', file }) as const;
  if ('unreadable' in read) return [{ values: new Map(), source, unreadable: read.unreadable }];
  try {
    return [{ values: valuesOf(read.text), source }];
  } catch {
    return [{ values: new Map(), source, unreadable: `${file} is not what its manager writes` }];
  }
}

export function iniValues(text: string): Values {
  return new Map(Object.entries(parse(text)));
}

/** With what `<<` merges, as pnpm takes it. */
export function yamlValues(text: string): Values {
  const value = load(text, { schema: DEFAULT_SCHEMA });
  if (value === undefined || value === null) return new Map();
  if (typeof value !== 'object' || Array.isArray(value)) throw new TypeError('not a mapping');
  return new Map(Object.entries(value));
}

/** Yarn 1's own: a name, and what it is set to, on each line. */
export function yarnClassicValues(text: string): Values {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return new Map(
    lines.map((line): [string, string] => {
      const end = line.search(/[ \t]/);
      const [name, value] = end < 0 ? [line, ''] : [line.slice(0, end), line.slice(end).trim()];
      return [unquoted(name), unquoted(value)];
    }),
  );
}

function unquoted(text: string): string {
  return text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}
