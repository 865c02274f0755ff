/* Which folders real clients take for members of a workspace. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { execute } from '../execute.ts';
import { managerFolder, nodePath, runtimeFolder, versionOf } from '../managers.ts';

type Runtime = Parameters<typeof versionOf>[0];

/** Folders of packages. Their names are odd, as a pattern can be. */
export const FOLDERS = [
  'packages/a',
  'packages/b',
  'packages/a/nested',
  'packages/nine/a',
  'packages/@scope/p',
  'lone',
  'packages/.hidden',
  '.dot/in',
  'packages/node_modules/x',
  'packages/A2',
  'packages/c d',
  'apps/web.v2',
  'packages/[ab]',
  'packages/a*b',
  'packages/{a,b}x',
  'packages/x,y',
  'packages/!a',
  'packages/(p)',
] as const;

/** Writes packages below each of these folders of a workspace, for all clients. */
export function writeWorkspace(
  root: string,
  patterns: readonly string[],
  trees: readonly string[],
): void {
  mkdirSync(root, { recursive: true });
  for (const [at, tree] of trees.entries())
    for (const [index, folder] of FOLDERS.entries()) {
      const path = join(root, tree, folder);
      mkdirSync(path, { recursive: true });
      const manifest = { name: `n${at}-${index}`, version: '1.0.0' };
      writeFileSync(join(path, 'package.json'), JSON.stringify(manifest));
    }
  const manifest = { name: 'root', private: true, workspaces: patterns };
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(root, 'pnpm-workspace.yaml'), JSON.stringify({ packages: patterns }));
}

type Members = readonly string[] | 'refused';
type Ask = (root: string, patterns: readonly string[]) => Promise<Members>;

type MapWorkspaces = (options: {
  cwd: string;
  pkg: object;
}) => Promise<ReadonlyMap<string, string>>;

/** npm's own module in this process. */
const npm =
  (client: Runtime): Ask =>
  async (root, workspaces) => {
    const load = createRequire(join(managerFolder(client), 'package.json'));
    const mapWorkspaces = load('@npmcli/map-workspaces') as MapWorkspaces;
    const found = await mapWorkspaces({ cwd: root, pkg: { workspaces } });
    return members(root, [...found.values()]);
  };

async function output(
  client: Runtime,
  root: string,
  args: readonly string[],
): Promise<string | undefined> {
  const { node } = versionOf(client);
  const program = join(runtimeFolder(client), PROGRAMS[client] ?? '');
  const [file, first] = node === undefined ? [program, []] : [nodePath('system'), [program]];
  const env = {
    PATH: process.env['PATH'],
    HOME: join(root, '..'),
    CI: '1',
    YARN_ENABLE_TELEMETRY: '0',
  };
  const { code, stdout } = await execute(file, [...first, ...args], { cwd: root, env });
  return code === 0 && stdout !== '' ? stdout : undefined;
}

const PROGRAMS: Partial<Record<Runtime, string>> = {
  'pnpm-10': 'bin/pnpm.cjs',
  'pnpm-12': 'pnpm',
  'yarn-4': 'bin/yarn.js',
  'yarn-1': 'bin/yarn.js',
  bun: 'bin/bun.exe',
};

const pnpm =
  (client: Runtime): Ask =>
  async (root) => {
    const text = await output(client, root, ['ls', '-r', '--depth', '-1', '--json']);
    if (text === undefined) return 'refused';
    return members(
      root,
      (JSON.parse(text) as { path: string }[]).map(({ path }) => path),
    );
  };

const asks = {
  'npm-10': npm('npm-10'),
  'npm-12': npm('npm-12'),
  'pnpm-10': pnpm('pnpm-10'),
  'pnpm-12': pnpm('pnpm-12'),
  'yarn-4': async (root) => {
    writeFileSync(join(root, 'yarn.lock'), '');
    const text = await output('yarn-4', root, ['workspaces', 'list', '--json']);
    rmSync(join(root, 'yarn.lock'));
    if (text === undefined) return 'refused';
    const lines = text.trim().split('\n');
    return members(
      root,
      lines.map((line) => (JSON.parse(line) as { location: string }).location),
    );
  },
  'yarn-1': async (root) => {
    const text = await output('yarn-1', root, ['--silent', 'workspaces', 'info', '--json']);
    if (text === undefined) return 'refused';
    const all = Object.values(JSON.parse(text) as Record<string, { location: string }>);
    return members(
      root,
      all.map(({ location }) => location),
    );
  },
  bun: async (root) => {
    const lockfile = join(root, 'bun.lock');
    await output('bun', root, ['install', '--lockfile-only']);
    if (!existsSync(lockfile)) return 'refused';
    const json = readFileSync(lockfile, 'utf8').replaceAll(/,(\s*[}\]])/g, '$1');
    return members(root, Object.keys((JSON.parse(json) as { workspaces: object }).workspaces));
  },
} satisfies Partial<Record<Runtime, Ask>>;

function members(root: string, paths: readonly string[]): readonly string[] {
  const below = paths.map((path) => relative(root, join(path.startsWith('/') ? '/' : root, path)));
  return below.filter((path) => path !== '').toSorted();
}

export type WorkspaceClient = keyof typeof asks;
export const workspaceClients = Object.keys(asks) as readonly WorkspaceClient[];

/** They take half a second to start, and have no module of their own for this. */
const SLOW: ReadonlySet<WorkspaceClient> = new Set(['pnpm-10', 'yarn-1', 'yarn-4']);

/** Lists that mean the same below another folder, and that do not stop a client. */
const MOVABLE = /^!?[\w*?{](?!.*\.\.\/)/;

/** With it, slow clients are asked for the other lists too. */
const ALL = process.env['TARWARDEN_E2E_FULL'] === '1';

/** The members for each list of patterns. Slow clients are asked once, for all that can be in one workspace. */
export async function membersOf(
  client: WorkspaceClient,
  lists: readonly (readonly string[])[],
  folder: string,
): Promise<readonly (Members | undefined)[]> {
  const isMoved = (list: readonly string[]): boolean =>
    SLOW.has(client) && list.every((pattern) => MOVABLE.test(pattern));
  const together = lists.filter(isMoved);
  const trees = together.map((_, index) => `t${index}`);
  const patterns = together.flatMap((list, index) =>
    list.map((pattern) => pattern.replace(/^!?/, (start) => `${start}t${index}/`)),
  );
  const all =
    together.length === 0 ? [] : await askIn(join(folder, 'together'), client, patterns, trees);
  const answers: (Members | undefined)[] = [];
  for (const [index, list] of lists.entries()) {
    const tree = `t${together.indexOf(list)}`;
    if (!isMoved(list) && SLOW.has(client) && !ALL) answers.push(undefined);
    else if (!isMoved(list))
      // oxlint-disable-next-line no-await-in-loop
      answers.push(await askIn(join(folder, String(index)), client, list, ['']));
    else if (all === 'refused') answers.push(all);
    else
      answers.push(
        all.filter((path) => path.startsWith(`${tree}/`)).map((path) => relative(tree, path)),
      );
  }
  return answers;
}

async function askIn(
  root: string,
  client: WorkspaceClient,
  patterns: readonly string[],
  trees: readonly string[],
): Promise<Members> {
  writeWorkspace(root, patterns, trees);
  return asks[client](root, patterns);
}
