/* The files that pnpm reads settings from, each parsed as what it is. A file that cannot be parsed is a problem of its own. */
import { readFileSync, statSync } from 'node:fs';
import { decode } from 'ini';
import { JSON_SCHEMA, load } from 'js-yaml';

/** Bytes of a file that is parsed. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;

export type Settings = Readonly<Record<string, unknown>>;
export type Format = 'yaml' | 'json' | 'ini';

/** Thrown for a file that exists and cannot be read as its format. */
export class UnreadableSettings extends Error {
  override readonly name = 'UnreadableSettings';
}

/** The text of a file; undefined where there is none. */
export function readText(file: string): string | undefined {
  try {
    const { size } = statSync(file);
    if (size > FILE_BYTES_MAX)
      throw new UnreadableSettings(`it is larger than ${FILE_BYTES_MAX} bytes`);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof UnreadableSettings) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UnreadableSettings(`it cannot be read (${code ?? String(error)})`);
  }
}

/** Settings of a file; empty where there is none. */
export function readSettings(file: string, format: Format): Settings {
  const text = readText(file);
  if (text === undefined || text.trim() === '') return {};
  try {
    return asRecord(parse(text, format));
  } catch (error) {
    const [line = ''] = (error as Error).message.split('\n');
    throw new UnreadableSettings(`it is not valid ${format}: ${line}`);
  }
}

function parse(text: string, format: Format): unknown {
  if (format === 'json') return JSON.parse(text.replace(/^\uFEFF/, ''));
  if (format === 'ini') return decode(text);
  return load(text, { schema: JSON_SCHEMA });
}

/** A mapping as it is; empty for everything else. */
export function asRecord(value: unknown): Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Settings)
    : {};
}

/** pnpm takes `camelCase` and `kebab-case` for one name, depending on the file; here both are looked for everywhere. */
export function setting(settings: Settings, name: string): unknown {
  const wanted = plain(name);
  const key = Object.keys(settings).find((one) => plain(one) === wanted);
  return key === undefined ? undefined : settings[key];
}

function plain(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}
