/* The files in which a user, and not a project, configures pnpm. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { decode } from 'ini';

/** Bytes of a configuration file. */
const FILE_BYTES_MAX = 1024 * 1024;

export function homeOf(env: NodeJS.ProcessEnv): string {
  return env['HOME'] ?? homedir();
}

/** pnpm's configuration folder. */
export function configFolder(env: NodeJS.ProcessEnv, platform: string = process.platform): string {
  const { XDG_CONFIG_HOME: xdg, LOCALAPPDATA: local } = env;
  if (xdg !== undefined && xdg !== '') return join(xdg, 'pnpm');
  if (platform === 'darwin') return join(homeOf(env), 'Library/Preferences/pnpm');
  if (platform === 'win32' && local !== undefined) return join(local, 'pnpm/config');
  return join(homeOf(env), '.config/pnpm');
}

/** pnpm's cache folder where nothing is configured. */
export function defaultCache(env: NodeJS.ProcessEnv, platform: string = process.platform): string {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = env;
  if (xdg !== undefined && xdg !== '') return join(xdg, 'pnpm');
  if (platform === 'darwin') return join(homeOf(env), 'Library/Caches/pnpm');
  if (platform !== 'win32') return join(homeOf(env), '.cache/pnpm');
  return local === undefined ? join(homeOf(env), '.pnpm-cache') : join(local, 'pnpm-cache');
}

/** pnpm's data folder, with its store. */
export function dataFolder(env: NodeJS.ProcessEnv, platform: string = process.platform): string {
  const { PNPM_HOME: own, XDG_DATA_HOME: xdg, LOCALAPPDATA: local } = env;
  if (own !== undefined && own !== '') return own;
  if (xdg !== undefined && xdg !== '') return join(xdg, 'pnpm');
  if (platform === 'darwin') return join(homeOf(env), 'Library/pnpm');
  if (platform !== 'win32') return join(homeOf(env), '.local/share/pnpm');
  return local === undefined ? join(homeOf(env), '.pnpm') : join(local, 'pnpm');
}

export function userNpmrc(env: NodeJS.ProcessEnv): string {
  return (
    env['NPM_CONFIG_USERCONFIG'] ?? env['npm_config_userconfig'] ?? join(homeOf(env), '.npmrc')
  );
}

/** The machine's .npmrc, beside the Node that runs. */
export function globalNpmrc(env: NodeJS.ProcessEnv): string {
  return (
    env['NPM_CONFIG_GLOBALCONFIG'] ??
    env['npm_config_globalconfig'] ??
    join(dirname(dirname(process.execPath)), 'etc/npmrc')
  );
}

/** The settings of an .npmrc, by the parser that pnpm has, with `${NAME}` taken from the environment as npm and pnpm do. */
export function readIni(file: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [key, value] of Object.entries(decode(readText(file) ?? '')))
    // What is in a section, or a list, is no setting that is looked for.
    if (typeof value !== 'object')
      found[key] = String(value).replace(
        /\$\{(\w+)\}/g,
        (whole, name: string) => env[name] ?? whole,
      );
  return found;
}

/**
 * Scalars of a YAML file at the top, and one level below as `outer.inner`, in block style, as `pnpm config set` writes them.
 * A parser for all of YAML would make this hook half as large again, and every pnpm command loads it.
 */
export function readYaml(file: string): Record<string, string> {
  const found: Record<string, string> = {};
  let outer = '';
  for (const line of (readText(file) ?? '').split('\n')) {
    const [, indent = '', key = '', text = ''] = /^( *)([\w-]+):(?:\s+(\S.*))?$/.exec(line) ?? [];
    if (key === '') continue;
    const value = scalar(text);
    if (indent === '') outer = value === '' ? `${key}.` : '';
    if (value !== '') found[indent === '' ? key : outer + key] = value;
  }
  return found;
}

/** Without quotes, and without a comment behind it. */
function scalar(text: string): string {
  const [, single, double] =
    /^(?:'((?:[^']|'')*)'|"((?:[^"\\]|\\["\\/])*)")\s*(?:\s#.*)?$/.exec(text) ?? [];
  if (single !== undefined) return single.replaceAll("''", "'");
  if (double !== undefined) return double.replaceAll(/\\(.)/g, '$1');
  return text.replace(/(?:^|\s+)#.*$/, '').trim();
}

function readText(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    return text.length > FILE_BYTES_MAX ? undefined : text;
  } catch {
    return undefined;
  }
}
