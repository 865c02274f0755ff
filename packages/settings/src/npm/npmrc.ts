import { parse } from 'ini';
import type { ReplacedSettings } from '../files.ts';
import type { Variables } from '../where.ts';
import { NPM_TYPES, typedValue, type TypeOptions } from './types.ts';

/** The settings in the text of an .npmrc, with variables replaced, and as they are written. */
export function npmrcValues(text: string, env: Variables): ReplacedSettings {
  const written = Object.entries(parse(text)) as [string, unknown][];
  const replaced = (value: unknown): unknown =>
    typeof value === 'string' ? withNpmVariables(value, env) : value;
  const values = written.map(([name, value]): [string, unknown] => [
    withNpmVariables(name, env),
    Array.isArray(value) ? value.map(replaced) : replaced(value),
  ]);
  return { values: new Map(values), written: new Map(written) };
}

export interface NpmOptions extends Omit<TypeOptions, 'replaced'> {
  readonly env: Variables;
  /** npm's major version. The newest is meant if it is not known. */
  readonly major?: number | undefined;
}

/** The same, changed to the types of npm's settings. Values that do not fit are left out. */
export function typedNpmrc(text: string, options: NpmOptions): ReplacedSettings {
  return typed(Object.entries(parse(text)), options);
}

/** Settings of a file, of variables or of options, as npm has them. */
export function typed(
  settings: Iterable<readonly [string, unknown]>,
  { env, major, ...where }: NpmOptions,
): ReplacedSettings {
  const replaced = (text: string): string => withNpmVariables(text, env, major);
  const written = new Map(settings);
  const values = new Map<string, unknown>();
  for (const [writtenName, text] of written) {
    const name = replaced(writtenName);
    const value = typedValue(name, text, { ...where, replaced });
    // The word `undefined` hides what weaker files say of a setting without a type.
    if (value === undefined && Object.hasOwn(NPM_TYPES, name)) values.delete(name);
    else values.set(name, value);
  }
  return { values, written };
}

/**
 * A text with `${NAME}` replaced by the variable. An unset variable stays as it is written; from npm 11 on, `${NAME?}` is
 * empty then. npm has no `${NAME-other}`: there, `NAME-other` is the name of the variable.
 */
export function withNpmVariables(text: string, env: Variables, major: number = Infinity): string {
  return text.replaceAll(
    major < 11 ? WITHOUT_MARK : WITH_MARK,
    (whole: string, escapes: string, name: string, mark?: unknown) => {
      if (escapes.length % 2 === 1) return whole.slice((escapes.length + 1) / 2);
      const value = env[name] ?? (mark === '?' ? '' : `\${${name}}`);
      return escapes.slice(escapes.length / 2) + value;
    },
  );
}

const WITH_MARK = /(?<!\\)(\\*)\$\{([^${}?]+)(\?)?\}/g;
const WITHOUT_MARK = /(?<!\\)(\\*)\$\{([^${}]+)\}/g;
