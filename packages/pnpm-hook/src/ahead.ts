/*
 * `node dist/ahead.cjs FOLDER MAJOR`, run by `tarwarden pnpm` before it starts pnpm: pnpm unpacks config dependencies and runs the
 * code of some before it calls any hook. Exit 0: all are inspected and accepted. Exit 1: one is refused.
 */
import { join, resolve } from 'node:path';
import { printable } from '@tarwarden/core/text';
import { tarballUrl } from '@tarwarden/host';
import {
  asRecord,
  readPnpmYaml,
  readText,
  valuesOf,
  withVariables,
} from '@tarwarden/host/settings-files';
import {
  inspectConfigDependencies,
  lockedIntegrity,
  lockedPackages,
} from './config-dependencies.ts';
import { Hook } from './hook.ts';
import { HookError, reasonOf } from './messages.ts';
import { ownConfig } from './own-config.ts';
import type { PnpmConfig } from './pnpm-shapes.ts';
import type { Session } from './session.ts';
import { networkSettings } from './settings.ts';
import type { Source } from './source.ts';
import { readIni } from './user-files.ts';

const [folder = '.', major = '12'] = process.argv.slice(2);
const root = resolve(folder);
const env = process.env;

/** Knows the settings without a pnpm that shows them. */
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

/** The user's settings for downloads, and the project's registries. */
function configOf(workspace: Readonly<Record<string, unknown>>): PnpmConfig {
  const user = ownConfig(env);
  const npmrc = readIni(join(root, '.npmrc'), env);
  const scopes = Object.entries(npmrc).flatMap(([key, value]) => {
    const scope = /^(@[^/]+):registry$/.exec(key)?.[1];
    return scope === undefined ? [] : [[scope, value] as const];
  });
  const named = [
    npmrc['registry'],
    ...valuesOf(workspace, 'registry', env),
    env['npm_config_registry'],
    env['pnpm_config_registry'],
  ].findLast((one) => typeof one === 'string' && one !== '');
  const registries = Object.fromEntries([
    ...Object.entries(user['registriesByScope'] as object),
    ...scopes,
    ...(typeof named === 'string' ? [['default', withVariables(named, env)] as const] : []),
    ...valuesOf(workspace, 'registries', env).flatMap((one) => Object.entries(asRecord(one))),
  ]) as Record<string, unknown>;
  return {
    ...user,
    authConfig: { ...npmrc, ...(user['authConfig'] as object) },
    registriesByScope: { default: 'https://registry.npmjs.org/', ...registries },
    userAgent: `pnpm/${major}`,
  };
}

/** Config dependencies as the project declares them, and all that the head of its lockfile pins for them. */
function declared(
  workspace: Readonly<Record<string, unknown>>,
  { settings }: Session,
): readonly Source[] {
  const manifest = asRecord(JSON.parse(readText(join(root, 'package.json')) || '{}'));
  const all = [
    ...valuesOf(asRecord(manifest['pnpm']), 'configdependencies', env),
    ...valuesOf(workspace, 'configdependencies', env),
  ].flatMap((one) => Object.entries(asRecord(one)));
  const sources = all.flatMap(([name, value]) => {
    const fields = asRecord(value);
    const pinned = String(typeof value === 'string' ? value : fields['integrity']);
    const version = /^[^+]*/.exec(pinned)?.[0] ?? '';
    const integrity =
      /^[^+]*\+(sha512-\S+)$/.exec(pinned)?.[1] ?? lockedIntegrity(root, `${name}@${version}`);
    const url =
      typeof fields['tarball'] === 'string'
        ? fields['tarball']
        : tarballUrl(name, version, settings);
    // A tag or a range: the lockfile says which version it is, and its packages are all inspected.
    if (!/^\d+\.\d+\.\d+/.test(version) || url === undefined) return [];
    return [source(name, version, { url, integrity })];
  });
  const locked = lockedPackages(root).flatMap(({ name, version, integrity }) => {
    const url = tarballUrl(name, version, settings);
    return url === undefined ? [] : [source(name, version, { url, integrity })];
  });
  const known = new Set(sources.map(({ id }) => id));
  return [...sources, ...locked.filter(({ id }) => !known.has(id))];
}

function source(
  name: string,
  version: string,
  { url, integrity }: { url: string; integrity: string | undefined },
): Source {
  return {
    kind: 'download',
    id: `${name}@${version}`,
    url,
    expected: { name, version },
    ...(integrity !== undefined && { integrity }),
  };
}

async function main(): Promise<void> {
  const workspace = readPnpmYaml(join(root, 'pnpm-workspace.yaml'));
  const config = configOf(workspace);
  const hook = new HookAhead(config);
  const guard = await hook.guard(root);
  await guard.inspectAll(declared(workspace, hook.session()));
  const [configDependencies] = valuesOf(workspace, 'configdependencies', env);
  await inspectConfigDependencies({ lockfileDir: root, configDependencies }, hook);
  guard.flush();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const text = reasonOf(error).replace(/^tarwarden: /, '');
    const known = error instanceof HookError && error.reason === 'REJECTED';
    // What is rejected has been shown with its findings.
    if (!known) process.stderr.write(`tarwarden: ${printable(text)}\n`);
    process.stderr.write(
      'tarwarden: pnpm was not started: it would run config dependencies first\n',
    );
    process.exit(1);
  },
);
