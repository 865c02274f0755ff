/*
 * Settings that a repository (its pnpm-workspace.yaml, .npmrc or package.json) must not make, because they would bypass the guard.
 * pnpm does not say where a setting comes from. So the current value is compared with the user's own files and variables, and no file
 * of the repository is read.
 */
import { lookUpAll, pnpmUserLayers, clientContext, PNPM_VERSIONS } from '@tarwarden/settings';
import { notInspectedError } from '../messages.ts';
import type { PnpmConfig } from '../pnpm-shapes.ts';
import type { Mirrors } from './runtimes.ts';

/** Settings that make pnpm 12 also install packages that are not from npm. The guard cannot inspect these. */
const OTHER_ECOSYSTEMS = ['cargo', 'python'];

/** Sets the settings with which pnpm compares the files of its store with their hashes, which pnpm noted when it unpacked them. */
export function enforce(config: PnpmConfig): void {
  config['verifyStoreIntegrity'] = true;
  config['strictStorePkgContentCheck'] = true;
  // No archive has the files that build scripts made, so they are not linked from the store. pnpm runs the scripts again.
  config['sideEffectsCache'] = false;
  config['sideEffectsCacheReadonly'] = false;
  config['sideEffectsCacheRead'] = false;
  config['sideEffectsCacheWrite'] = false;
}

/**
 * The user's mirrors of Node.
 * @throws HookError for a setting that only the user may make, and did not make, or that nobody may make.
 */
export function refuseForeignSettings(config: PnpmConfig): Mirrors {
  for (const key of OTHER_ECOSYSTEMS) {
    const { enabled } = (config[key] ?? {}) as { enabled?: unknown };
    if (enabled !== undefined && enabled !== false)
      throw notInspectedError(
        `${key}.enabled: pnpm would install packages that are not from npm, which this release cannot inspect`,
      );
  }
  return ownMirrors(config);
}

function ownMirrors(config: PnpmConfig): Mirrors {
  const mirrors: Record<string, string> = {};
  const raw = (config['rawConfig'] ?? {}) as Record<string, unknown>;
  for (const [key, value] of Object.entries(raw)) {
    const channel = /^node-mirror:(.+)/.exec(key)?.[1];
    if (channel !== undefined) mirrors[channel] = String(value);
  }
  const given = config['nodeDownloadMirrors'] ?? {};
  for (const [channel, value] of Object.entries(given)) mirrors[channel] = String(value);
  for (const [channel, value] of Object.entries(mirrors))
    if (!isUsersMirror(channel, value))
      throw notInspectedError(
        `nodeDownloadMirrors.${channel} is ${JSON.stringify(value)}, and your own configuration does not say so. Set by the repository, ` +
          'this lets it choose where the Node comes from that runs everything. Remove it there (pnpm-workspace.yaml, .npmrc, ' +
          `package.json), or set nodeDownloadMirrors in your own config.yaml (pnpm 10: node-mirror:${channel} in your own .npmrc)`,
      );
  return mirrors;
}

/** Whether the user's files or variables name a mirror. A setting counts if any version of pnpm would use it. */
function isUsersMirror(channel: string, value: string): boolean {
  const where = clientContext({ folder: process.cwd(), env: process.env });
  const layers = PNPM_VERSIONS.flatMap((version) => pnpmUserLayers(version, where));
  const mirrors = lookUpAll(layers, 'nodeDownloadMirrors').map(
    (setting) => (setting.value as Readonly<Record<string, unknown>> | null | undefined)?.[channel],
  );
  const named = lookUpAll(layers, `node-mirror:${channel}`).map((setting) => setting.value);
  return [...mirrors, ...named].includes(value);
}
