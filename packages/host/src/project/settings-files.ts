/*
 * Settings of a project that decide whether a guard is loaded, as the clients read them. `tarwarden verify` and the check of the
 * pnpm hook both read them here, so that they cannot differ.
 */
import { readFileSync, statSync } from 'node:fs';
import { TarwardenError } from '@tarwarden/core/errors';
import { quote } from '@tarwarden/core/text';
import { parse } from 'ini';
import { DEFAULT_SCHEMA, JSON_SCHEMA, load, type Schema } from 'js-yaml';

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
export function yamlIn(text: string, file: string, schema: Schema = DEFAULT_SCHEMA): Settings {
  try {
    return asRecord(load(text, { schema }));
  } catch (error) {
    throw unreadable(file, (error as Error).message.split('\n')[0] ?? '');
  }
}

/**
 * A pnpm-workspace.yaml, as pnpm 10, 11 and 12 read it: settings that `<<` merges count, which no other schema of js-yaml
 * does. All three refuse a second document and a name that is there twice.
 */
export function readPnpmYaml(file: string): Settings {
  return readYaml(file, DEFAULT_SCHEMA);
}

/** The settings in an .npmrc, with variables in names replaced as the clients do. Empty if the file does not exist. */
export function readNpmrc(file: string, env: Variables): Settings {
  const settings: Settings = parse(readText(file) ?? '');
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [withVariables(name, env), value]),
  );
}

/** A text with `${NAME}` replaced by the variable. `${NAME-other}` and `${NAME:-other}` give the text that is used without it. */
export function withVariables(text: string, env: Variables): string {
  return text.replaceAll(
    /\$\{([^${}]+?)(?:(:?)-([^${}]*))?\}/g,
    (whole, variable: string, colon: string | undefined, other: string | undefined) => {
      const value = env[variable];
      if (other === undefined) return value ?? whole;
      return value === undefined || (colon === ':' && value === '') ? other : value;
    },
  );
}

/**
 * Every value that a file gives a setting: one name can be spelled `ignorePnpmfile` and `ignore-pnpmfile` in the same file,
 * and pnpm 10 and 11 replace variables in names. `plain`: the name as {@link plainName} writes it.
 */
export function valuesOf(settings: Settings, plain: string, env: Variables): readonly unknown[] {
  return Object.entries(settings)
    .filter(([name]) => isSetting(name, plain, env))
    .map(([, value]) => value);
}

/** Whether a name in a file is, as written or with its variables replaced, this setting. */
export function isSetting(name: string, plain: string, env: Variables): boolean {
  return plainName(name) === plain || plainName(withVariables(name, env)) === plain;
}

/** A mapping as it is; empty for everything else. */
export function asRecord(value: unknown): Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Settings)
    : {};
}

/** A setting's name without regard to how the file spells it: `ignorePnpmfile`, `ignore-pnpmfile`. */
export function plainName(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}

function unreadable(file: string, why: string): TarwardenError {
  return new TarwardenError(
    'NOT_INSPECTED',
    `${quote(file)} cannot be read (${quote(why)}), so it is not known how a package manager runs here`,
  );
}
