/*
 * `node dist/ahead.cjs MAJOR STARTED ROOT...` inspects config dependencies. `tarwarden pnpm` runs it before pnpm, because pnpm unpacks
 * config dependencies and runs the code of some before it calls any hook. Exit 0: all are accepted. Exit 1: one is refused.
 */
import { resolve } from 'node:path';
import { printable } from '@tarwarden/core/text';
import {
  asRecord,
  lookUp,
  lookUpAll,
  pnpmLayersIn,
  readText,
  clientContext,
  type SettingsLayer,
} from '@tarwarden/clients/settings';
import { configDependencySources } from './config-dependencies.ts';
import { Hook } from '../hook.ts';
import { HookError, reasonOf, notInspectedError } from '../messages.ts';
import { networkConfig } from '../settings/own-config.ts';
import type { PnpmConfig } from '../pnpm-shapes.ts';
import type { Session } from '../session.ts';
import { networkSettings } from '../settings/network-settings.ts';

const [major = '12', started = '.', ...rootFolders] = process.argv.slice(2);
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
    };
  }

  override session(): Session {
    return this.#ahead;
  }
}

/** The settings of a folder that may be the project's root for pnpm. */
interface Root {
  readonly folder: string;
  readonly layers: readonly SettingsLayer[];
}

function rootAt(folder: string): Root {
  const context = clientContext({ folder: started, env });
  const layers = pnpmLayersIn(`${major}.99.0`, context, { workspace: folder, package: folder });
  for (const layer of layers) refuseUnreadable(layer);
  return { folder, layers };
}

/** Refuses a file of the project that cannot be read, because it may have config dependencies. JSON5 is read only if it is JSON. */
function refuseUnreadable(layer: SettingsLayer): void {
  const { unreadable } = layer;
  const origin = layer.origin('');
  if (unreadable === undefined || origin.kind !== 'file') return;
  if (!/(?:pnpm-workspace\.yaml|package\.(?:json5?|yaml))$/.test(origin.file)) return;
  const text = readText(origin.file)?.text ?? '\\';
  const isJson5 = origin.file.endsWith('5');
  if (isJson5 && !/configDependencies|\\/.test(text)) return;
  throw notInspectedError(
    isJson5
      ? `${JSON.stringify(origin.file)} may have config dependencies, which the guard does not read there: move them to pnpm-workspace.yaml`
      : `${unreadable}, so it is not known which config dependencies pnpm would run`,
  );
}

/** Folders that a setting makes the root instead: pnpm puts the lockfile there, and reads the config dependencies from it. */
function lockfileFolders({ folder, layers }: Root): readonly string[] {
  const value = lookUp(layers, 'lockfileDir')?.value;
  if (typeof value !== 'string') return [];
  return [folder, started].map((base) => resolve(base, value));
}

/** The user's settings for downloads, and the project's registries. Settings of inner folders override those of outer folders. */
function configOf(roots: readonly Root[]): PnpmConfig {
  const layers = roots.toReversed().flatMap((root) => root.layers);
  const config = networkConfig(layers);
  const registries = lookUpAll(layers, 'registries')
    .toReversed()
    .flatMap(({ value }) => Object.entries(asRecord(value)));
  return {
    ...config,
    registriesByScope: {
      default: 'https://registry.npmjs.org/',
      ...(config['registriesByScope'] as object),
      ...Object.fromEntries(registries),
    },
    userAgent: `pnpm/${major}`,
  };
}

/** Config dependencies that the settings of any root declare. */
function dependenciesOf(roots: readonly Root[]): readonly (readonly [string, unknown])[] {
  return roots
    .flatMap(({ layers }) => lookUpAll(layers, 'configDependencies'))
    .flatMap(({ value }) => Object.entries(asRecord(value)));
}

async function main(): Promise<void> {
  const roots = rootFolders.map(rootAt);
  const folders = new Set([...rootFolders, ...roots.flatMap(lockfileFolders)]);
  const hook = new HookAhead(configOf(roots));
  const [firstRoot = '.'] = rootFolders;
  const guard = await hook.guard(firstRoot);
  // Even if the lockfile is in another folder, the settings are in the given ones.
  const dependencies = dependenciesOf(roots);
  await guard.inspectAll(
    [...folders].flatMap((folder) => configDependencySources(folder, dependencies, hook.session())),
  );
  guard.flush();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const text = reasonOf(error).replace(/^tarwarden: /, '');
    const wasReported = error instanceof HookError && error.reason === 'REJECTED';
    // The hook has reported a rejected package with its findings.
    if (!wasReported) process.stderr.write(`tarwarden: ${printable(text)}\n`);
    process.stderr.write(
      'tarwarden: pnpm was not started: it would run config dependencies first\n',
    );
    process.exit(1);
  },
);
