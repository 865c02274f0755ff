import { parseArgs, type ParseArgsConfig } from 'node:util';
import { didYouMean, quote } from '@tarwarden/core/text';
import { UsageError } from './usage-error.ts';

type OptionsConfig = NonNullable<ParseArgsConfig['options']>;

/** What a command line says, by the options that the command knows. */
export interface Parsed {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  /** The options that may be given several times. */
  readonly lists: Readonly<Record<string, readonly string[] | undefined>>;
  readonly positionals: readonly string[];
}

/** Parses the arguments of one command; a mistake is a {@link UsageError}, with a suggestion where one is near. */
export function parseOptions(
  command: string,
  args: readonly string[],
  options: OptionsConfig,
): Parsed {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      allowNegative: false,
      strict: true,
    });
    return {
      values: values as Parsed['values'],
      lists: values as Parsed['lists'],
      positionals,
    };
  } catch (error) {
    throw asUsageError(command, error as NodeJS.ErrnoException, Object.keys(options));
  }
}

function asUsageError(
  command: string,
  error: NodeJS.ErrnoException,
  known: readonly string[],
): UsageError {
  const name = /'(?:-\w, )?--?([^' =]+)/.exec(error.message)?.[1] ?? '';
  switch (error.code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION': {
      const shown = name.length === 1 ? `-${name}` : `--${name}`;
      const hint = didYouMean(
        shown,
        known.map((one) => `--${one}`),
      );
      return new UsageError(`unknown option ${quote(shown)}${hint}`, command);
    }
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return new UsageError(
        /does not take/.test(error.message)
          ? `--${name} takes no value`
          : `--${name} needs a value`,
        command,
      );
    default:
      throw error;
  }
}

/** One of the words an option allows; a {@link UsageError} for any other. */
export function oneOf<Word extends string>(
  option: { readonly command: string; readonly name: string },
  value: string | boolean | undefined,
  words: readonly Word[],
): Word | undefined {
  if (value === undefined) return undefined;
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  const given = String(value);
  throw new UsageError(
    `--${option.name} is one of ${words.join(', ')}, not ${quote(given)}${didYouMean(given, words)}`,
    option.command,
  );
}

/** {@link oneOf} for an option that may be given several times; undefined where it is not given. */
export function listOf<Word extends string>(
  option: { readonly command: string; readonly name: string },
  values: readonly string[] | undefined,
  words: readonly Word[],
): readonly Word[] | undefined {
  if (values === undefined) return undefined;
  const chosen = new Set(values.map((value) => oneOf(option, value, words)));
  return words.filter((word) => chosen.has(word));
}

/** What `--package NAME@VERSION` says; the name may start with the `@` of a scope. A {@link UsageError} for anything else. */
export function expectedPackage(
  command: string,
  value: string | boolean | undefined,
): { name: string; version: string } | undefined {
  if (typeof value !== 'string') return undefined;
  const [, name, version] = /^(@?[^@\s]+)@([^@\s]+)$/.exec(value) ?? [];
  if (name === undefined || version === undefined) {
    throw new UsageError('--package takes NAME@VERSION, with one exact version', command);
  }
  return { name, version };
}
