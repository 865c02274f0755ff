/*
 * `node dist/ahead.cjs MAJOR STARTED ROOT...`, run by `tarwarden pnpm` before it starts pnpm: pnpm unpacks config dependencies and
 * runs the code of some before it calls any hook. Exit 0: all are inspected and accepted. Exit 1: one is refused.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { printable } from '@tarwarden/core/text';
import { tarballUrl } from '@tarwarden/host';
import {
  asRecord,
  readNpmrc,
  readPnpmYaml,
  readText,
  valuesOf,
  withVariables,
} from '@tarwarden/host/settings-files';
import { inspectConfigDependencies } from './config-dependencies.ts';
import { headOf, pinnedBy } from './env-lockfile.ts';
import { Hook } from './hook.ts';
import { HookError, reasonOf } from './messages.ts';
import { ownConfig } from './own-config.ts';
import type { PnpmConfig } from './pnpm-shapes.ts';
import type { Session } from './session.ts';
import { networkSettings } from './settings.ts';
import type { Source } from './source.ts';
import { readIni } from './user-files.ts';

type Settings = Readonly<Record<string, unknown>>;

const [major = '12', started = '.', ...given] = process.argv.slice(2);
const env = process.env;

/** A hook that gets the settings from this program, because pnpm does not run yet. */
class HookAhead extends Hook {
  readonly #ahead: Session;

  constructor(config: PnpmConfig) {
    super();
    this.#ahead = {
      engine: { major: Number(major) as Session['engine']['major'], version: major },
      settings: networkSettings(config),
      offline: false,
      architectures: undefined,
      everyPlatform: false,
      mirrors: {},
      store: undefined,
    };
  }

  override session(): Session {
    return this.#ahead;
  }
}

/** The settings of a folder that pnpm may take for the project's root. */
interface Root {
  readonly folder: string;
  readonly workspace: Settings;
  readonly npmrc: Readonly<Record<string, string>>;
}

function rootAt(folder: string): Root {
  return {
    folder,
    workspace: readPnpmYaml(join(folder, 'pnpm-workspace.yaml')),
    npmrc: readIni(join(folder, '.npmrc'), env),
  };
}

/** Folders that a setting makes the root instead: pnpm has the lockfile there, and everything that it reads from the lockfile. */
function lockfileFolders({ folder, workspace }: Root): readonly string[] {
  const npmrc = readNpmrc(join(folder, '.npmrc'), env);
  return ['lockfiledir', 'lockfiledirectory']
    .flatMap((name) => [...valuesOf(workspace, name, env), ...valuesOf(npmrc, name, env)])
    .filter((value) => typeof value === 'string')
    .flatMap((value) => [folder, started].map((from) => resolve(from, withVariables(value, env))));
}

/** The user's settings for downloads, and the project's registries: those of the inner folder beat the others. */
function configOf(roots: readonly Root[]): PnpmConfig {
  const user = ownConfig(env);
  const npmrc = Object.assign({}, ...roots.map((root) => root.npmrc)) as Record<string, string>;
  const scopes = Object.entries(npmrc).flatMap(([key, value]) => {
    const scope = /^(@[^/]+):registry$/.exec(key)?.[1];
    return scope === undefined ? [] : [[scope, value] as const];
  });
  const fromYaml = (name: string): readonly unknown[] =>
    roots.flatMap(({ workspace }) => valuesOf(workspace, name, env));
  const named = [
    npmrc['registry'],
    ...fromYaml('registry'),
    env['npm_config_registry'],
    env['pnpm_config_registry'],
  ].findLast((value) => typeof value === 'string' && value !== '');
  const registries = Object.fromEntries([
    ...Object.entries(user['registriesByScope'] as object),
    ...scopes,
    ...(typeof named === 'string' ? [['default', withVariables(named, env)] as const] : []),
    ...fromYaml('registries').flatMap((value) => Object.entries(asRecord(value))),
  ]) as Record<string, unknown>;
  return {
    ...user,
    authConfig: { ...npmrc, ...(user['authConfig'] as object) },
    registriesByScope: { default: 'https://registry.npmjs.org/', ...registries },
    userAgent: `pnpm/${major}`,
  };
}

/** The manifest of a folder, where pnpm reads settings from it. pnpm takes the first that is there. */
function manifestOf(folder: string): Settings {
  if (major !== '10') return {};
  if (existsSync(join(folder, 'package.json')))
    return asRecord(JSON.parse(readText(join(folder, 'package.json')) || '{}'));
  const json5 = readText(join(folder, 'package.json5')) ?? '';
  if (/configDependencies|\\/.test(json5))
    throw new HookError(
      'NOT_INSPECTED',
      `${JSON.stringify(join(folder, 'package.json5'))} may have config dependencies, which the guard does not read there: move them to pnpm-workspace.yaml`,
    );
  return existsSync(join(folder, 'package.json5'))
    ? {}
    : readPnpmYaml(join(folder, 'package.yaml'));
}

/** All packages that pnpm may unpack for a root: those that its settings declare, and those that the head of its lockfile pins. */
function declared({ folder, workspace }: Root, { settings }: Session): readonly Source[] {
  const pnpm = asRecord(manifestOf(folder)['pnpm']);
  const all = [pnpm, workspace]
    .flatMap((values) => valuesOf(values, 'configdependencies', env))
    .flatMap((value) => Object.entries(asRecord(value)));
  const head = major === '10' ? undefined : headOf(folder);
  const locked = head === undefined ? [] : pinnedBy(head, { settings, lockfileDir: folder });
  const direct = all.flatMap(([name, value]): Source[] => {
    const fields = asRecord(value);
    const text = String(typeof value === 'string' ? value : fields['integrity']);
    const [, version = '', integrity] = /^([^+]*)(?:\+(.*))?$/s.exec(text) ?? [];
    if (integrity === undefined && head?.versions.get(name)?.specifier === text) return [];
    const url =
      typeof fields['tarball'] === 'string'
        ? fields['tarball']
        : tarballUrl(name, version, settings);
    if (url === undefined || !/^\d+\.\d+\.\d+(?:-[\w.-]+)?$/.test(version))
      throw new HookError(
        'NOT_INSPECTED',
        `the config dependency ${name} is ${JSON.stringify(text)}, and no lockfile says which package that is. Write its version there: ` +
          `pnpm view ${JSON.stringify(name)} version dist.integrity`,
      );
    const id = `${name}@${version}`;
    return [
      {
        kind: 'download',
        id,
        url,
        expected: { name, version },
        ...(integrity !== undefined && { integrity }),
      },
    ];
  });
  return [...direct, ...locked];
}

async function main(): Promise<void> {
  const named = given.map(rootAt);
  const folders = new Set([...given, ...named.flatMap(lockfileFolders)]);
  const hook = new HookAhead(configOf(named));
  const [first = '.'] = given;
  const guard = await hook.guard(first);
  // Where the lockfile is elsewhere, the settings stay where they are.
  const workspace = Object.assign({}, ...named.map((root) => root.workspace)) as Settings;
  const roots = [...folders].map((folder) => ({ ...rootAt(folder), workspace }));
  await guard.inspectAll(roots.flatMap((root) => declared(root, hook.session())));
  const [configDependencies] = valuesOf(workspace, 'configdependencies', env);
  for (const { folder } of roots)
    // oxlint-disable-next-line no-await-in-loop
    await inspectConfigDependencies({ lockfileDir: folder, configDependencies }, hook);
  guard.flush();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const text = reasonOf(error).replace(/^tarwarden: /, '');
    const known = error instanceof HookError && error.reason === 'REJECTED';
    // A rejected package was reported already, with its findings.
    if (!known) process.stderr.write(`tarwarden: ${printable(text)}\n`);
    process.stderr.write(
      'tarwarden: pnpm was not started: it would run config dependencies first\n',
    );
    process.exit(1);
  },
);
