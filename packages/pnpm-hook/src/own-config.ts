/*
 * pnpm 12 runs `updateConfig` for projects only: for `dlx` and `-g` the configuration is read here, from the same user
 * files and variables, as far as downloads need it. The registries themselves come with `preResolution`.
 */
import { join } from 'node:path';
import type { PnpmConfig } from './pnpm-shapes.ts';
import { versionAbove } from './process-above.ts';
import { configFolder, readIni, readYaml, userNpmrc } from './user-files.ts';

/** pnpm's names, by those of .npmrc. */
const NAMES: Readonly<Record<string, string>> = {
  'https-proxy': 'httpsProxy',
  'http-proxy': 'httpProxy',
  proxy: 'httpProxy',
  noproxy: 'noProxy',
  'no-proxy': 'noProxy',
  'strict-ssl': 'strictSsl',
  'local-address': 'localAddress',
  registry: 'registry',
  cert: 'cert',
  key: 'key',
};

/** What `updateConfig` would have been given. Without `userAgent` when the pnpm above us cannot be asked. */
export function ownConfig(env: NodeJS.ProcessEnv = process.env): PnpmConfig {
  const folder = configFolder(env);
  const ini: Record<string, string> = {};
  for (const file of [userNpmrc(env), join(folder, 'auth.ini')])
    Object.assign(ini, readIni(file, env));
  const config: Record<string, unknown> = {};
  for (const [key, value] of Object.entries({ ...ini, ...readYaml(join(folder, 'config.yaml')) })) {
    const name = NAMES[key] ?? key;
    if (Object.values(NAMES).includes(name)) config[name] = value === 'false' ? false : value;
  }
  const scopes = Object.entries(ini).flatMap(([key, value]) => {
    const scope = /^(@[^/]+):registry$/.exec(key)?.[1];
    return scope === undefined ? [] : [[scope, value] as const];
  });
  const version = versionAbove();
  return {
    ...config,
    authConfig: ini,
    registriesByScope: {
      ...Object.fromEntries(scopes),
      ...(typeof config['registry'] === 'string' && { default: config['registry'] }),
    },
    ...(version !== undefined && { userAgent: `pnpm/${version}` }),
  };
}
