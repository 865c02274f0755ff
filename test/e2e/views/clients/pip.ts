/** pip, offline and without a cache: bare, or under the built guard. */
import { readdirSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import type { Result } from '../../../support/execute.ts';
import { repository } from '../../../support/managers.ts';
import { filesIn, World, type ClientSample, type ClientSeen } from './world.ts';

const ENV = {
  PIP_CONFIG_FILE: '/dev/null',
  PIP_NO_INDEX: '1',
  PIP_NO_INPUT: '1',
  PIP_NO_CACHE_DIR: '1',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_ROOT_USER_ACTION: 'ignore',
  PYTHONDONTWRITEBYTECODE: '1',
};

/** What pip itself writes beside the files of a wheel. */
const OWN = /\.dist-info\/(?:RECORD|INSTALLER|REQUESTED|direct_url\.json)$/;

/** What is typed before `python` to have it guarded. */
export const GUARDED: readonly string[] = [
  process.execPath,
  join(repository, 'packages/cli/bin/tarwarden.js'),
];

/** The guard says so at the end, whatever pip says. */
const REFUSED = /^tarwarden: .* is refused: /m;

/** What came of a run of pip that installs. */
function outcomeOf({ code, stderr }: Result): ClientSeen['outcome'] {
  if (code === 0) return 'installs';
  return REFUSED.test(stderr) ? 'refused' : 'error';
}

/** Runs a Python of some folder: the guard runs the one that is first on the PATH. */
function runPython(
  world: World,
  { python, guard, args }: { python: string; guard: readonly string[]; args: readonly string[] },
): Promise<Result> {
  if (guard.length === 0) return world.run([python, ...args], ENV);
  const path = [dirname(python), process.env['PATH'] ?? ''].join(delimiter);
  return world.run([...guard, basename(python), ...args], { ...ENV, PATH: path });
}

/** Installs a wheel into an environment of its own. Paths are those of the environment, without `lib/python3.X/`. */
export async function pipInstall(
  python: string,
  sample: ClientSample,
  guard: readonly string[] = [],
): Promise<ClientSeen> {
  const world = new World(sample);
  try {
    const env = world.folder('env');
    await world.run([python, '-m', 'venv', '--without-pip', '--system-site-packages', env], ENV);
    const before = new Set(filesIn(env).keys());
    const own = join(env, 'bin/python');
    const flags = ['--no-deps', '--no-compile', '--no-warn-script-location'];
    const args = ['-m', 'pip', 'install', ...flags, world.file];
    const result = await runPython(world, { python: own, guard, args });
    const files = [...world.seen(env)].flatMap(([path, one]) =>
      before.has(path) || OWN.test(path)
        ? []
        : [
            [
              path.replace(/^lib\/python3\.\d+\/|(?<=^include\/)site\/python3\.\d+\//, ''),
              one,
            ] as const,
          ],
    );
    return {
      outcome: outcomeOf(result),
      files: new Map(files),
      output: `${result.stdout}\n${result.stderr}`,
    };
  } finally {
    world.dispose();
  }
}

/** What pip prints once a source archive is unpacked, whatever comes of the build. */
const UNPACKED = /Preparing metadata|Getting requirements to build|Installing build dependencies/;

/** Lets pip unpack a source archive for a build, and keep the folder. */
export async function pipUnpack(
  python: string,
  sample: ClientSample,
  guard: readonly string[] = [],
): Promise<ClientSeen> {
  const world = new World(sample);
  try {
    const flags = [
      '--no-clean',
      '--no-deps',
      '--no-build-isolation',
      '--target',
      world.folder('out'),
    ];
    const args = ['-m', 'pip', 'install', ...flags, world.file];
    const result = await runPython(world, { python, guard, args });
    const name = readdirSync(world.temp).find((one) => one.startsWith('pip-req-build-'));
    const output = `${result.stdout}\n${result.stderr}`;
    return {
      outcome: UNPACKED.test(output) ? 'installs' : outcomeOf(result),
      files: name === undefined ? new Map() : world.seen(join(world.temp, name)),
      output,
    };
  } finally {
    world.dispose();
  }
}
