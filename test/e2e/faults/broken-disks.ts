/** One install on disks that are broken: full, read-only, missing or over a quota, in a mount namespace of its own. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attack } from '../../support/attacks.ts';
import { execute, type Result } from '../../support/execute.ts';
import { envFor, repository, type ManagerName } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { findProgram } from '../../support/programs.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { guard, hurry } from './world.ts';

const TARWARDEN = join(repository, 'packages/cli/bin/tarwarden.js');

const unshare = findProgram('unshare') ?? '';
const sh = findProgram('sh') ?? '';

/** Whether this user may have disks of its own. */
export const canMount: boolean =
  spawnSync(unshare, ['--mount', findProgram('mount') ?? '', '-t', 'tmpfs', 'tmpfs', '/mnt'])
    .status === 0;

/** Lines of a shell that make a folder so, `$1`, which is a disk of one megabyte. */
const STATES = {
  full: 'fill "$1"',
  'read-only': 'mount -o remount,ro "$1"',
  missing: 'umount "$1"; case "$1" in "$ROOT"/*) rm -r "$1"; esac',
  // btrfs holds root to it as well. Node has no name for this error.
  'over quota': `
    count=$((count + 1))
    truncate -s 120M "$ROOT/image-$count"
    mkfs.btrfs -q "$ROOT/image-$count"
    mount -o loop "$ROOT/image-$count" /mnt
    btrfs -q quota enable /mnt
    btrfs -q subvolume create /mnt/limited
    cp -a "$1/." /mnt/limited
    btrfs -q qgroup limit 1M /mnt/limited
    mount --bind /mnt/limited "$1"
    umount /mnt
    fill "$1"`,
} as const;
export type State = keyof typeof STATES;
/** Whether btrfs, its tools (btrfs-progs) and loop devices are here. */
export const hasQuotas: boolean =
  ['btrfs', 'mkfs.btrfs'].every((name) => findProgram(name) !== undefined) &&
  ['/sys/fs/btrfs', '/dev/loop-control'].every((path) => existsSync(path));

export const states: readonly State[] = (Object.keys(STATES) as State[]).filter(
  (state) => state !== 'over quota' || hasQuotas,
);

/** Which folders are so. */
const PLACES = {
  /** Those that tarwarden writes to by itself. */
  temporary: ({ temp, env }: Sandbox) => [temp, `${env['XDG_CACHE_HOME']}/tarwarden`],
  /** Caches and stores of the manager. */
  "the manager's": ({ npmCache, pnpmStore, yarnGlobal, env }: Sandbox) => [
    npmCache,
    pnpmStore,
    yarnGlobal,
    `${env['XDG_CACHE_HOME']}/pnpm`,
  ],
  /** What a user can write to, but for the project and the caches and stores of the manager. */
  'all others': ({ temp, home, pnpmHome, env }: Sandbox) => [
    '/tmp',
    '/var/tmp',
    '/dev/shm',
    temp,
    home,
    pnpmHome,
    ...['CACHE', 'DATA', 'STATE'].map((name) => env[`XDG_${name}_HOME`] ?? ''),
  ],
} as const;
export type Places = keyof typeof PLACES;

/** Makes the folders up to `--` so, then runs the rest. Folders of the system are empty, but for what the install needs. */
const SCRIPT = `set -e
path=$PATH
PATH=$TOOLS
count=0
fill() { head -c 2000000 /dev/zero > "$1/filler" 2> /dev/null || :; }
spoil() {
  mount -t tmpfs -o size=1m,mode=0700 tmpfs /mnt
  case "$1" in
    "$ROOT"/*) cp -a "$1/." /mnt ;;
    *)
      for kept in "$ROOT" "$REPOSITORY"; do
        case "$kept" in "$1"/*)
          mkdir -p "/mnt/\${kept#"$1"/}"
          mount --bind "$kept" "/mnt/\${kept#"$1"/}"
        esac
      done
  esac
  mount --move /mnt "$1"
  eval "$STATE"
}
while [ "$1" != -- ]; do spoil "$1"; shift; done
shift
cd "$PROJECT"
PATH=$path
exec "$@"
`;

export interface Scene {
  readonly manager: ManagerName;
  readonly places: Places;
  readonly state: State;
  /** What was fetched before, while the disks were whole, is in the manager's caches. */
  readonly warm: boolean;
}

export interface Guarding {
  /** By the command, or by what it sets up alone. */
  readonly by?: 'tarwarden' | 'itself';
  readonly hostile?: boolean;
}

/** Installs one package there. */
export async function install(
  { manager, places, state, warm }: Scene,
  { by, hostile = false }: Guarding,
): Promise<{ result: Result; printed: string; installed: boolean }> {
  const registry = await startRegistry();
  const sandbox = makeSandbox({ registry: registry.url, ci: true });
  hurry(sandbox);
  const name = 'tarwarden-subject';
  const bytes = hostile ? attack('symlink').build({ name }) : tgz({ name });
  registry.publish({ name, tgz: bytes });
  sandbox.write({
    'package.json': { name: 'project', dependencies: { [name]: '1.0.0' } },
    ...(manager.startsWith('yarn') && {
      'yarn.lock': '',
      '.yarnrc.yml': 'nodeLinker: node-modules\n',
    }),
  });
  const folders = PLACES[places](sandbox);
  for (const folder of folders) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [tool = ''] = manager.split('-');
  const bare = [tool, 'install', ...(tool === 'yarn' ? ['--no-immutable'] : [])];
  const tarwarden = [process.execPath, TARWARDEN, ...bare];
  try {
    const { project } = sandbox;
    const env = envFor(manager, {
      sandbox,
      env: {
        ...(places === 'all others' && cachesIn(join(sandbox.root, 'caches'))),
        ROOT: sandbox.root,
        PROJECT: project,
        REPOSITORY: repository,
        TOOLS: process.env['PATH'],
        STATE: STATES[state],
      },
    });
    const modules = join(project, 'node_modules');
    const [program = '', ...rest] = by === undefined || hostile ? bare : tarwarden;
    if (warm) {
      await execute(sh, ['-c', 'exec "$@"', 'sh', program, ...rest], { cwd: project, env });
      rmSync(modules, { recursive: true, force: true });
    }
    const guarded = by === 'itself' ? guard(manager, sandbox) : {};
    const command = by === 'tarwarden' ? tarwarden : bare;
    const args = ['--mount', sh, '-c', SCRIPT, 'sh', ...folders, '--', ...command];
    const result = await execute(unshare, args, { cwd: project, env: { ...env, ...guarded } });
    sandbox.assertSentinelUntouched();
    const printed = result.stdout + result.stderr;
    return { result, printed, installed: existsSync(join(modules, name)) };
  } finally {
    sandbox.dispose();
    await registry.close();
  }
}

/** Settings by which each manager keeps there what it otherwise has below the user's own folders. */
function cachesIn(folder: string): NodeJS.ProcessEnv {
  const at = (name: string): string => join(folder, name);
  return {
    npm_config_cache: at('npm'),
    // The first is for pnpm 10.
    ...Object.fromEntries(
      ['npm', 'pnpm'].flatMap((prefix) =>
        ['store', 'cache', 'state'].map((name) => [
          `${prefix}_config_${name}_dir`,
          at(`pnpm-${name}`),
        ]),
      ),
    ),
    YARN_GLOBAL_FOLDER: at('yarn'),
  };
}
