import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import {
  asRecord,
  nearestWith,
  plainName,
  readManifest,
  readSettings,
  readText,
  type Settings,
} from './settings-files.ts';
import { projectManifest, type Taken, type Where } from './taken.ts';

const WORKSPACE = 'pnpm-workspace.yaml';
const PNPMFILES = ['.pnpmfile.mjs', '.pnpmfile.cjs'];

/** Settings that name a file of the project. */
const PATHS: ReadonlySet<string> = new Set(['pnpmfile', 'globalpnpmfile']);

/** Settings that decide whether pnpm loads a pnpmfile, and which pnpm runs. */
const TAKEN: ReadonlySet<string> = new Set([
  ...PATHS,
  'ignorepnpmfile',
  'managepackagemanagerversions',
  'packagemanagerstrict',
  'packagemanagerstrictversion',
  'pmonfail',
]);

/** What pnpm reads of a project: the settings of its root, in the files that they stand in, and its pnpmfile. */
export function pnpmSettings({ cwd }: Where, wanted: object): Taken {
  const root = nearestWith(cwd, WORKSPACE) ?? nearestWith(cwd, 'package.json') ?? cwd;
  const workspace = readSettings(join(root, WORKSPACE));
  const manifest = asRecord(readManifest(root)['pnpm']);
  const given = { ...manifest, ...workspace };
  const folder = resolve(root, textOf(given, 'lockfiledir') ?? '.');
  const settings = pick(workspace, root);
  const named = valueOf(given, 'pnpmfile') !== undefined;
  const plugins = pluginsOf(given, root);
  const links = Object.fromEntries(
    PNPMFILES.map((name) => [name, join(folder, name)]).filter(([, file = '']) => existsSync(file)),
  );
  if (plugins.length > 0) {
    // pnpm loads the plugins first, and then the project's pnpmfile.
    const own = named ? [settings['pnpmfile']].flat() : Object.values(links);
    settings['pnpmfile'] = [...plugins, ...own];
  }
  const npmrc = npmrcLines(root);
  const elsewhere = elsewhereOf(given);
  return {
    files: {
      'package.json': projectManifest({ ...wanted, pnpm: pick(manifest, root) }),
      [WORKSPACE]: JSON.stringify({ packages: ['.'], ...settings }),
      ...(npmrc !== '' && { '.npmrc': npmrc }),
    },
    links,
    ...(elsewhere !== undefined && { elsewhere }),
  };
}

function pick(settings: Settings, root: string): Record<string, unknown> {
  const picked = Object.entries(settings).filter(([name]) => TAKEN.has(plainName(name)));
  return Object.fromEntries(
    picked.map(([name, value]) => [
      name,
      PATHS.has(plainName(name)) ? absolute(value, root) : value,
    ]),
  );
}

function absolute(value: unknown, root: string): unknown {
  if (Array.isArray(value)) return value.map((one) => absolute(one, root));
  return typeof value === 'string' && value !== '' && !isAbsolute(value)
    ? resolve(root, value)
    : value;
}

/** Lines of the project's .npmrc, in which pnpm 10 reads the same settings. */
function npmrcLines(root: string): string {
  const lines = (readText(join(root, '.npmrc')) ?? '').split(/\r?\n/).flatMap((line) => {
    const [, name = '', value = ''] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (!TAKEN.has(plainName(name))) return [];
    const text = PATHS.has(plainName(name))
      ? String(absolute(value.replace(/^(["'])(.*)\1$/, '$2'), root))
      : value;
    return [`${name}=${text}\n`];
  });
  return lines.join('');
}

/** pnpmfiles of config dependencies. They lie where the last install of the project put them. */
function pluginsOf(settings: Settings, root: string): string[] {
  const names = Object.keys(asRecord(valueOf(settings, 'configdependencies')));
  return names
    .filter((name) => /^(?:pnpm-plugin-|@pnpm\/plugin-|@[^/]+\/pnpm-plugin-)/.test(name))
    .toSorted()
    .map((name) => join(root, 'node_modules/.pnpm-config', name))
    .map((folder) => ['pnpmfile.mjs', 'pnpmfile.cjs'].map((name) => join(folder, name)))
    .map(([module = '', common = '']) => (existsSync(module) ? module : common));
}

function elsewhereOf(settings: Settings): string | undefined {
  const include = valueOf(settings, 'include');
  if (include !== undefined && include !== null)
    return '`include` in pnpm-workspace.yaml names settings in other files, which this does not take over';
  const shared = valueOf(settings, 'sharedworkspacelockfile');
  return shared === false || shared === 'false'
    ? '`sharedWorkspaceLockfile: false` has pnpm look for the pnpmfile in each package'
    : undefined;
}

function valueOf(settings: Settings, plain: string): unknown {
  return Object.entries(settings).find(([name]) => plainName(name) === plain)?.[1];
}

function textOf(settings: Settings, plain: string): string | undefined {
  const value = valueOf(settings, plain);
  return typeof value === 'string' ? value : undefined;
}
