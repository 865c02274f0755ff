/*
 * pnpm 12 runs `updateConfig` for projects only: for `dlx` and `-g` the configuration is read here, from the same user
 * files and variables, as far as downloads need it. The registries themselves come with `preResolution`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import type { PnpmConfig } from './pnpm-shapes.ts';

/** Milliseconds for a program that prints one line. */
const PROGRAM_MS = 5000;
/** Bytes of a configuration file. */
const FILE_BYTES_MAX = 1024 * 1024;

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
  const home = env['HOME'] ?? homedir();
  const folder = join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'pnpm');
  const user = env['NPM_CONFIG_USERCONFIG'] ?? env['npm_config_userconfig'] ?? join(home, '.npmrc');
  const ini: Record<string, string> = {};
  for (const file of [user, join(folder, 'auth.ini')]) Object.assign(ini, readIni(file, env));
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

/** Lines `key = value`, with `${NAME}` taken from the environment as npm and pnpm do. */
function readIni(file: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of (readText(file) ?? '').split('\n')) {
    const [, key = '', value = ''] = /^\s*([^=#;\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === '') continue;
    const plain = value.replace(/^(["'])(.*)\1$/, '$2');
    found[key] = plain.replace(/\$\{(\w+)\}/g, (whole, name: string) => env[name] ?? whole);
  }
  return found;
}

/** Top-level scalars of a YAML file. */
function readYaml(file: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of (readText(file) ?? '').split('\n')) {
    const [, key = '', value = ''] = /^(\w+):\s+(\S.*?)\s*$/.exec(line) ?? [];
    if (key !== '') found[key] = value.replace(/^(["'])(.*)\1$/, '$2');
  }
  return found;
}

function readText(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return text.length > FILE_BYTES_MAX ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Version of the native pnpm that started this worker. */
function versionAbove(): string | undefined {
  try {
    const program =
      process.platform === 'linux'
        ? readlinkSync(`/proc/${process.ppid}/exe`)
        : execFileSync('ps', ['-o', 'comm=', '-p', String(process.ppid)], options()).trim();
    if (!isAbsolute(program)) return undefined;
    // Away from the project, whose package.json may ask for another version.
    return execFileSync(program, ['--version'], { ...options(), cwd: dirname(program) }).trim();
  } catch {
    return undefined;
  }
}

function options(): { encoding: 'utf8'; timeout: number; cwd: string; stdio: 'pipe' } {
  return { encoding: 'utf8', timeout: PROGRAM_MS, cwd: tmpdir(), stdio: 'pipe' };
}
