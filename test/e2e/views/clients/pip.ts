/** Bare pip, offline and without a cache. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
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

/** Installs a wheel into an environment of its own. Paths are those of the environment, without `lib/python3.X/`. */
export async function pipInstall(python: string, sample: ClientSample): Promise<ClientSeen> {
  const world = new World(sample);
  try {
    const env = world.folder('env');
    await world.run([python, '-m', 'venv', '--without-pip', '--system-site-packages', env], ENV);
    const before = new Set(filesIn(env).keys());
    const own = join(env, 'bin/python');
    const flags = ['--no-deps', '--no-compile', '--no-warn-script-location'];
    const result = await world.run([own, '-m', 'pip', 'install', ...flags, world.file], ENV);
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
      outcome: result.code === 0 ? 'installs' : 'error',
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
export async function pipUnpack(python: string, sample: ClientSample): Promise<ClientSeen> {
  const world = new World(sample);
  try {
    const flags = [
      '--no-clean',
      '--no-deps',
      '--no-build-isolation',
      '--target',
      world.folder('out'),
    ];
    const result = await world.run([python, '-m', 'pip', 'install', ...flags, world.file], ENV);
    const name = readdirSync(world.temp).find((one) => one.startsWith('pip-req-build-'));
    const output = `${result.stdout}\n${result.stderr}`;
    return {
      outcome: UNPACKED.test(output) ? 'installs' : 'error',
      files: name === undefined ? new Map() : world.seen(join(world.temp, name)),
      output,
    };
  } finally {
    world.dispose();
  }
}
