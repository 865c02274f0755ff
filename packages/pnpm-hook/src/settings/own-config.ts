/*
 * pnpm 12 runs `updateConfig` only for projects. For `dlx` and `-g`, this file reads the settings for downloads from the same user
 * files and variables. The registries come with `preResolution`.
 */
import { pnpmUserLayers, clientContext, type SettingsLayer } from '@tarwarden/settings';
import type { PnpmConfig } from '../pnpm-shapes.ts';
import { versionAbove } from './process-above.ts';

/** Settings for downloads that do not belong to one registry. */
const NAMES: ReadonlySet<string> = new Set(
  'httpsProxy httpProxy proxy noProxy noproxy strictSsl localAddress registry cert key'.split(' '),
);

/** The configuration that `updateConfig` would have got. Without `userAgent` if the version of the pnpm above is unknown. */
export function ownConfig(env: NodeJS.ProcessEnv = process.env): PnpmConfig {
  const version = versionAbove();
  const where = clientContext({ folder: process.cwd(), env });
  return {
    ...networkConfig(pnpmUserLayers(version ?? '12.99.0', where)),
    ...(version !== undefined && { userAgent: `pnpm/${version}` }),
  };
}

/** The settings for downloads in layers, the strongest first. */
export function networkConfig(layers: readonly SettingsLayer[]): PnpmConfig {
  const entries = layers.toReversed().flatMap(({ values }) => [...values]);
  const authConfig = Object.fromEntries(entries);
  const config = Object.fromEntries(entries.filter(([name]) => NAMES.has(name)));
  const scopes = entries.flatMap(([key, value]) => {
    const scope = /^(@[^/]+):registry$/.exec(key)?.[1];
    return scope === undefined ? [] : [[scope, value] as const];
  });
  const { registry, strictSsl, proxy, httpProxy = proxy } = config;
  return {
    ...config,
    httpProxy,
    strictSsl: strictSsl === 'false' ? false : strictSsl,
    authConfig,
    registriesByScope: {
      ...Object.fromEntries(scopes),
      ...(typeof registry === 'string' && { default: registry }),
    },
  };
}
