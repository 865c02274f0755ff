/*
 * pnpm 12 runs `updateConfig` only for projects. For `dlx` and `-g`, this file reads the settings for downloads from the same user
 * files and variables. The registries come with `preResolution`.
 */
import { readlinkSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { pnpmUserLayers, clientContext, type SettingsLayer } from '@tarwarden/clients/settings';
import type { PnpmConfig } from '../pnpm-shapes.ts';

/** Settings for downloads that do not belong to one registry. */
const NAMES: ReadonlySet<string> = new Set(
  'httpsProxy httpProxy proxy noProxy noproxy strictSsl localAddress registry cert key'.split(' '),
);

/** The configuration that `updateConfig` would have got. Without `userAgent` if the version of the pnpm above is unknown. */
export function ownConfig(env: NodeJS.ProcessEnv = process.env): PnpmConfig {
  const version = versionAbove();
  const context = clientContext({ folder: process.cwd(), env });
  return {
    ...networkConfig(pnpmUserLayers(version ?? '12.99.0', context)),
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

/** Time for a program that prints one line. Milliseconds. */
const PROGRAM_MS = 5000;

/** The version of the native pnpm that started this worker; undefined if it is unknown. */
function versionAbove(): string | undefined {
  try {
    const program =
      process.platform === 'linux'
        ? readlinkSync(`/proc/${process.ppid}/exe`)
        : printed('ps', ['-o', 'comm=', '-p', String(process.ppid)], dirname(process.execPath));
    if (!isAbsolute(program)) return undefined;
    // Run it outside of the project: a package.json there may name another version.
    return printed(program, ['--version'], dirname(program));
  } catch {
    return undefined;
  }
}

function printed(program: string, args: readonly string[], cwd: string): string {
  // Load the module late: it takes 3 ms, and pnpm 12 loads the hook twice for each command.
  const { execFileSync } = process.getBuiltinModule('node:child_process');
  const options = { encoding: 'utf8', timeout: PROGRAM_MS, cwd, stdio: 'pipe' } as const;
  return execFileSync(program, args, options).trim();
}
