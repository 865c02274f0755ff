/* Whether a project really is guarded: what a hook cannot see, since it is not called then. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { homedir } from 'node:os';

/** The published pnpmfile.cjs, byte for byte: pnpm keeps its checksum in every lockfile, so that it never changes. */
export const SHIM = "module.exports = require('./dist/index.cjs')\n";
export const PLUGIN = 'pnpm-plugin-tarwarden';

export type ProblemCode =
  | 'hook-missing'
  | 'hook-unreachable'
  | 'shim-changed'
  | 'pnpmfile-ignored'
  | 'other-engine'
  | 'pnpm-unsupported';

export interface Problem {
  readonly code: ProblemCode;
  /** Relative to the project, or absolute outside of it. */
  readonly file: string;
  readonly message: string;
}

/** Files looked at for each kind of thing. */
const FILES_MAX = 2000;
const FILE_BYTES_MAX = 4 * 1024 * 1024;
const DEPTH_MAX = 4;

const FLAG = /--(?:config\.)?ignore-?pnpmfile\b(?!=false)/i;
const SETTING = /^\s*["']?ignore-?pnpmfile["']?\s*[:=]\s*["']?true\b/im;
const VARIABLE = /^p?npm_config_ignore_pnpmfile$/i;
/** Where commands are written down. */
const COMMANDS =
  /(?:^|\/)(?:package\.json|Dockerfile[^/]*|Makefile|Jenkinsfile|[^/]+\.(?:ya?ml|sh|bash|toml))$/;
const SKIPPED = new Set(['node_modules', '.git', 'dist', 'vendor', 'coverage', 'fixtures']);

/** What would let an install of `directory` pass unguarded. Empty: nothing was found. */
export function checkProject(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): readonly Problem[] {
  const problems: Problem[] = [];
  const tell = (code: ProblemCode, file: string, message: string): void => {
    problems.push({ code, file, message });
  };
  checkReach(directory, tell);
  checkIgnored(directory, env, tell);
  checkEngine(directory, tell);
  return problems;
}

type Tell = (code: ProblemCode, file: string, message: string) => void;

/** Either the plugin is a config dependency, or the project's pnpmfile requires the hook. */
function checkReach(directory: string, tell: Tell): void {
  const workspace = read(join(directory, 'pnpm-workspace.yaml'));
  const manifest = read(join(directory, 'package.json'));
  const configured =
    new RegExp(`^\\s+["']?${PLUGIN}["']?\\s*:`, 'm').test(workspace) ||
    manifest.includes(`"${PLUGIN}"`);
  if (configured) {
    const folder = join('node_modules/.pnpm-config', PLUGIN);
    const shim = join(folder, 'pnpmfile.cjs');
    if (!existsSync(join(directory, 'node_modules/.pnpm-config'))) return;
    if (!existsSync(join(directory, shim)))
      tell('hook-missing', shim, `${PLUGIN} is a config dependency and is not installed`);
    else if (read(join(directory, shim)) !== SHIM)
      tell('shim-changed', shim, 'it is not the line that was published');
    else if (!existsSync(join(directory, folder, 'dist/index.cjs')))
      tell('hook-unreachable', shim, 'the file that it requires is missing');
    return;
  }
  const name = ['.pnpmfile.mjs', '.pnpmfile.cjs'].find((file) => existsSync(join(directory, file)));
  const own = name === undefined ? '' : read(join(directory, name));
  const required = [...own.matchAll(/(?:require\(|from\s+|import\()\s*["']([^"']+)["']/g)]
    .map((match) => match[1] ?? '')
    .find((target) => /tarwarden|pnpm-hook/.test(target));
  if (required === undefined) {
    tell(
      'hook-missing',
      name ?? '.pnpmfile.cjs',
      `neither is ${PLUGIN} a config dependency, nor does a pnpmfile require the hook`,
    );
  } else if (/^[./]/.test(required) && !existsSync(resolve(directory, required))) {
    tell('hook-unreachable', name ?? '', `it requires ${required}, which does not exist`);
  }
}

function checkIgnored(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
  tell: Tell,
): void {
  for (const [variable, value] of Object.entries(env)) {
    if (VARIABLE.test(variable) && value !== 'false' && value !== '')
      tell(
        'pnpmfile-ignored',
        variable,
        'this environment variable makes pnpm ignore every pnpmfile',
      );
  }
  const home = env['HOME'] ?? homedir();
  const settings = join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'pnpm');
  const files = [join(home, '.npmrc'), join(settings, 'rc'), join(settings, 'config.yaml')];
  for (const file of [...files, '.npmrc', 'pnpm-workspace.yaml', 'package.json']) {
    if (SETTING.test(read(resolve(directory, file))))
      tell('pnpmfile-ignored', file, 'a setting makes pnpm ignore every pnpmfile');
  }
  for (const file of commandFiles(directory)) {
    const lines = read(join(directory, file)).split('\n');
    const line = lines.findIndex((text) => FLAG.test(text));
    if (line !== -1)
      tell('pnpmfile-ignored', file, `line ${line + 1} runs pnpm with --ignore-pnpmfile`);
  }
}

function checkEngine(directory: string, tell: Tell): void {
  const workspace = read(join(directory, 'pnpm-workspace.yaml'));
  if (/^\s+["']?(?:@pnpm\/)?pacquet["']?\s*:/m.test(workspace))
    tell(
      'other-engine',
      'pnpm-workspace.yaml',
      'pnpm 11 leaves the install to pacquet, which calls no hooks',
    );
  const manifest = read(join(directory, 'package.json'));
  const [, major, minor] = /"packageManager"\s*:\s*"pnpm@(\d+)\.(\d+)/.exec(manifest) ?? [];
  if (major === undefined) return;
  const known = major === '10' || major === '11' || (major === '12' && Number(minor) >= 16);
  if (!known)
    tell(
      'pnpm-unsupported',
      'package.json',
      `pnpm ${major}.${minor} is not guarded: 10, 11 and 12 from 12.16 on are`,
    );
}

/** Files that hold commands, relative, shallow ones first. */
function commandFiles(directory: string): string[] {
  const found: string[] = [];
  const folders = [{ path: '', depth: 0 }];
  for (const { path, depth } of folders) {
    if (found.length >= FILES_MAX || folders.length >= FILES_MAX) break;
    for (const entry of list(join(directory, path))) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory() && depth < DEPTH_MAX && !SKIPPED.has(entry.name))
        folders.push({ path: below, depth: depth + 1 });
      else if (entry.isFile() && COMMANDS.test(below)) found.push(below);
    }
  }
  return found;
}

function list(directory: string): import('node:fs').Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    return text.length > FILE_BYTES_MAX ? '' : text;
  } catch {
    return '';
  }
}

/** The nearest folder at or above `directory` that pnpm takes for the root of a workspace, else `directory`. */
export function projectRoot(directory: string): string {
  let folder = resolve(directory);
  while (!existsSync(join(folder, 'pnpm-workspace.yaml'))) {
    const parent = dirname(folder);
    if (parent === folder) return resolve(directory);
    folder = parent;
  }
  return folder;
}
