/*
 * Settings of a project that decide whether a guard is loaded, as npm and Yarn read them.
 */
import { readFileSync, statSync } from 'node:fs';
import { TarwardenError } from '@tarwarden/core/errors';
import { quote } from '@tarwarden/core/text';
import { parse } from 'ini';
import { JSON_SCHEMA, load, type Schema } from 'js-yaml';

/** Bytes of a file of settings; a larger one is not read. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;

type Settings = Readonly<Record<string, unknown>>;
type Variables = Readonly<Record<string, string | undefined>>;

/** The text of a file. Undefined if the file does not exist. @throws TarwardenError for a file that cannot be read. */
export function readText(file: string): string | undefined {
  try {
    const stat = statSync(file);
    // Reading a pipe could wait forever.
    if (!stat.isFile()) return undefined;
    if (stat.size > FILE_BYTES_MAX) throw unreadable(file, 'it is too large');
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (error instanceof TarwardenError) throw error;
    throw unreadable(file, code ?? String(error));
  }
}

/** The settings in a YAML file. Empty if the file does not exist. @throws TarwardenError for a file that is not YAML. */
export function readYaml(file: string, schema: Schema = JSON_SCHEMA): Settings {
  const text = readText(file);
  return text === undefined ? {} : yamlIn(text, file, schema);
}

/** The mapping in a text, including the keys that `<<` merges. @throws TarwardenError, which names the file, for a text that is not YAML. */
function yamlIn(text: string, file: string, schema: Schema): Settings {
  try {
    return asRecord(load(text, { schema }));
  } catch (error) {
    throw unreadable(file, (error as Error).message.split('\n')[0] ?? '');
  }
}

/** The settings in an .npmrc, with variables in names replaced as the clients do. Empty if the file does not exist. */
export function readNpmrc(file: string, env: Variables): Settings {
  const settings: Settings = parse(readText(file) ?? '');
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [withVariables(name, env), value]),
  );
}

/** A text with `${NAME}` replaced by the variable. `${NAME-other}` and `${NAME:-other}` give the text that is used without it. */
function withVariables(text: string, env: Variables): string {
  return text.replaceAll(
    /\$\{([^${}]+?)(?:(:?)-([^${}]*))?\}/g,
    (whole, variable: string, colon: string | undefined, other: string | undefined) => {
      const value = env[variable];
      if (other === undefined) return value ?? whole;
      return value === undefined || (colon === ':' && value === '') ? other : value;
    },
  );
}

/** A mapping as it is; empty for everything else. */
export function asRecord(value: unknown): Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Settings)
    : {};
}

function unreadable(file: string, why: string): TarwardenError {
  return new TarwardenError(
    'NOT_INSPECTED',
    `${quote(file)} cannot be read (${quote(why)}), so it is not known how a package manager runs here`,
  );
}
