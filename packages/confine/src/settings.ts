/* Settings that say where a client keeps its files. */
import { readFileSync, statSync } from 'node:fs';
import { JSON_SCHEMA, load } from 'js-yaml';
import { isWithin } from '@tarwarden/host/real-path';
import { pathFrom, type Where } from './paths.ts';
import { ConfineError } from './refusal.ts';

/** Bytes of a file of settings. */
const FILE_BYTES_MAX = 1024 * 1024;

export type Settings = Readonly<Record<string, unknown>>;

/** A file of settings in YAML; empty where none can be read, which the client says by itself. */
export function readYaml(file: string, bytesMax: number = FILE_BYTES_MAX): Settings {
  try {
    const found = load(readText(file, bytesMax), { schema: JSON_SCHEMA });
    return typeof found === 'object' && found !== null ? (found as Settings) : {};
  } catch {
    return {};
  }
}

export function readText(file: string, bytesMax: number = FILE_BYTES_MAX): string {
  try {
    const stat = statSync(file);
    return stat.isFile() && stat.size <= bytesMax ? readFileSync(file, 'utf8') : '';
  } catch {
    return '';
  }
}

/** Whether a setting is switched on, in the words of a file or of a parser. */
export function isOn(value: unknown): boolean {
  return value === true || value === 'true';
}

/** A variable of npm's or pnpm's settings, however its name is spelled. */
export function variable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const found = Object.entries(env).find(
    ([key, value]) =>
      value !== undefined &&
      value !== '' &&
      key
        .toLowerCase()
        .replace(/^p?npm_config_/, '')
        .replaceAll('-', '_') === name &&
      /^p?npm_config_/i.test(key),
  );
  return found?.[1];
}

export interface Named {
  /** What names it, for messages: `cache in .npmrc`. */
  readonly by: string;
  readonly value: string | undefined;
}

/**
 * Folders that a repository's settings name do not count: they are where the project is, or what the user has anyway, or nothing
 * is run.
 */
export function refuseElsewhere(
  named: readonly Named[],
  { root, allowed, where }: { root: string; allowed: readonly string[]; where: Where },
): void {
  for (const { by, value } of named) {
    if (value === undefined) continue;
    const path = pathFrom(value, { ...where, cwd: root });
    if ([root, ...allowed].some((folder) => isWithin(folder, path))) continue;
    throw new ConfineError(
      `${by} of the repository is ${path}, outside the project; to allow it: --confine-write ${path}`,
    );
  }
}
