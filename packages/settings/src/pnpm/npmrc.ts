/* Files of npm's kind, as pnpm reads them: .npmrc, pnpm 10's `rc`, and `auth.ini` of 11 and 12. */
import { parse } from 'ini';
import { camel, type SettingValues } from '../layer.ts';
import type { Variables } from '../where.ts';
import { isSwitch } from './native-yaml.ts';
import { empty, hasVariable, refuseUnset, withPnpmVariables } from './variables.ts';

type Entries = readonly (readonly [name: string, value: unknown])[];

/** pnpm 10 parses with ini 1: a section with space behind it is no section there, but a name. */
export function parseOldIni(text: string): Entries {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => (/^\[[^\]]*\]\s+$/.test(line) ? `${line.trimEnd()}=true` : line));
  return Object.entries(parse(lines.join('\n')));
}

/**
 * The settings that pnpm 10 takes of a file, by their names in YAML.
 * @param isTrusted False for a file of a project, whose registries and credentials may hold no variable.
 * @throws an error for a variable that is not set: pnpm then takes nothing of the file.
 */
export function npmrcValuesOf10(
  written: Entries,
  env: Variables,
  isTrusted: boolean,
): SettingValues {
  const values = written.map(([rawName, rawValue]) => {
    const name = withPnpmVariables(rawName, env, refuseUnset);
    return [name, settingOf10(name, rawValue, env)] as const;
  });
  const kept = isTrusted ? values : values.filter((_, at) => isPlain(written[at]!, values[at]![0]));
  return inYamlNames(kept);
}

/** A value of pnpm 10, which reads variables in the environment as it reads a file. */
export function settingOf10(name: string, written: unknown, env: Variables): unknown {
  if (typeof written !== 'string') return written;
  const trimmed = written.trim();
  const text = /^".*"$/.test(trimmed) ? String(JSON.parse(trimmed)) : trimmed;
  if (text === '' && isSwitch(camel(name))) return true;
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  return text === 'undefined' ? undefined : withPnpmVariables(text, env, refuseUnset);
}

/** By the names of YAML. Names that pnpm does not take are left out: a file of npm's kind has no other spelling. */
export function inYamlNames(entries: Entries): SettingValues {
  return new Map(
    entries.flatMap(([name, value]) => {
      if (value === undefined) return [];
      if (/^[a-z][a-z0-9-]*$/.test(name)) return [[camel(name), value] as const];
      return /^(?:@|\/\/|_)|:/.test(name) ? [[name, value] as const] : [];
    }),
  );
}

/** All that pnpm 11 and 12 take from a file of npm's kind. */
const OF_NETWORK =
  /^(?:[@/].*|ca|cafile|cert|key|registry|https-proxy|http-proxy|proxy|no-proxy|noproxy|local-address|strict-ssl|_auth|_authToken|_password|email|username)$/s;

export const parseIni = (text: string): Entries => Object.entries(parse(text));

/** pnpm 12 has a parser of its own, which knows no sections, and no comments behind a value. */
export function parseNativeIni(text: string): Entries {
  const entries = text.split('\n').flatMap((line) => {
    const [, name, value = ''] = /^([^=;#][^=]*)=(.*)$/s.exec(line.trim()) ?? [];
    if (name === undefined) return [];
    const [, , inQuotes] = /^(["'])(.*)\1$/s.exec(value.trim()) ?? [];
    return [[name.trim(), inQuotes ?? value.trim()] as const];
  });
  return [...new Map(entries)];
}

/** The settings that pnpm 11 and 12 take of a file, by their names in YAML. An unset variable is empty. */
export function pnpmNpmrcValues(
  written: Entries,
  env: Variables,
  isTrusted: boolean,
): SettingValues {
  const replaced = (value: string): string =>
    withPnpmVariables(value.replaceAll(/\$\{([^${}?]*[^${}?-])\?\}/g, '$${$1:-}'), env, empty);
  const entries = written.flatMap((entry) => {
    const [rawName, value] = entry;
    const name = replaced(rawName);
    if (!OF_NETWORK.test(name) || (!isTrusted && !isPlain(entry, name))) return [];
    return [[name, typeof value === 'string' ? replaced(value) : value] as const];
  });
  return inYamlNames(entries);
}

const CREDENTIAL = /(?:^|:)(?:_authToken|_auth|_password|username|tokenHelper|cert|key)$/;
const REGISTRY = /^(?:registry|@.*:registry)$/s;

/** Whether pnpm takes an entry of a project's file, which may not say by a variable where requests go, and with what. */
function isPlain([rawName, value]: readonly [string, unknown], name: string): boolean {
  const is = (pattern: RegExp): boolean => pattern.test(rawName) || pattern.test(name);
  if (hasVariable(rawName) && (is(REGISTRY) || is(/^\/\//) || is(CREDENTIAL))) return false;
  if (typeof value !== 'string' || !hasVariable(value)) return true;
  return !is(REGISTRY) && !is(CREDENTIAL) && !is(/^(?:https-|http-)?proxy$/);
}
