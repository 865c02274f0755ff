/** Below pip: whatever leads it there, it writes nowhere but to folders that it was told to use, and ordinary work is not hindered. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildFiles, sdistOf, wheelOf } from '../../support/pip/packages.ts';
import { pips, since, system } from '../../support/pip/pips.ts';
import { INTO, type PipWorld } from '../../support/pip/world.ts';
import { makeGitRepo } from '../../support/sandbox.ts';
import { offer, world } from './scene.ts';

const all = process.env['TARWARDEN_E2E_FULL'] === '1' ? pips : [system];

/** A file of the user's, which no package may touch. */
function keepsake(own: PipWorld): string {
  const path = join(own.sandbox.root, 'victim', 'keep');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'mine\n');
  return path;
}

/** Runs pip with a hole in it that no other part of the guard knows of. */
const program = (hole: readonly string[], args: readonly string[]): string => `
import os, shutil, sys
from pip._internal.operations import prepare
from pip._internal.operations.install import wheel
${hole.join('\n')}
from pip._internal.cli.main import main
sys.exit(main(${JSON.stringify(args)}))
`;

const holeIn = (owner: string, name: string, effect: string): readonly string[] => [
  `real = ${owner}.${name}`,
  'def hole(*args, **kwargs):',
  `    ${effect}`,
  '    return real(*args, **kwargs)',
  `${owner}.${name} = hole`,
];

const STOPPED = 'in none of the folders that it was told to use';

/** Python 3.7 has no audit hooks. */
const audits = all.filter(({ python }) => !python.includes('3.7'));

describe.each(audits)('$name, with a hole that the guard does not know', (pip) => {
  const effects: readonly (readonly [string, string])[] = [
    ['writes a file', 'open(KEEP, "wb").write(b"theirs")'],
    ['opens a file to write', 'os.open(KEEP, os.O_WRONLY | os.O_CREAT)'],
    ['replaces a file', 'open("x", "w") if 0 else os.replace(__file__, KEEP)'],
    ['removes a file', 'os.remove(KEEP)'],
    ['makes a link', 'os.symlink("/", KEEP + ".link")'],
    ['makes a folder', 'os.makedirs(KEEP + ".d/deep")'],
    ['removes a folder', 'shutil.rmtree(os.path.dirname(KEEP))'],
    [
      'writes through a link to a file',
      'link = os.path.join(os.environ["TMPDIR"], "link"); os.symlink(KEEP, link); open(link, "w")',
    ],
    [
      'writes through a link to a folder',
      'link = os.path.join(os.environ["TMPDIR"], "link"); os.symlink(os.path.dirname(KEEP), link); os.remove(os.path.join(link, "keep"))',
    ],
    [
      'writes through a hard link',
      'link = os.path.join(os.environ["TMPDIR"], "link"); os.link(KEEP, link); open(link, "w")',
    ],
    [
      'writes by a path upwards',
      'open(os.path.join(os.environ["TMPDIR"], "../" * 20 + KEEP), "w")',
    ],
  ];
  const places = [
    ['fetches', 'prepare', 'unpack_file'],
    ['installs', 'wheel', 'parse_wheel'],
  ] as const;

  it.each(places.flatMap((place) => effects.map((effect) => [...place, ...effect] as const)))(
    'is stopped while it %s (%s.%s) and %s',
    async (_when, owner, name, _what, effect) => {
      const own = world(pip);
      const keep = keepsake(own);
      const file = own.put(sdistOf({ name: 'prey' }));
      const hole = holeIn(owner, name, effect.replaceAll('KEEP', JSON.stringify(keep)));
      own.sandbox.write({
        'run.py': program(hole, ['install', ...INTO, '--no-build-isolation', file]),
      });
      const { code, stderr } = await own.guarded('python3', 'run.py');
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(STOPPED) });
      expect(readFileSync(keep, 'utf8')).toBe('mine\n');
      expect(existsSync(`${keep}.link`) || existsSync(`${keep}.d`)).toBe(false);
    },
  );

  it('does what it does without the guard', async () => {
    const own = world(pip);
    const keep = keepsake(own);
    const file = own.put(sdistOf({ name: 'prey' }));
    const hole = holeIn('prepare', 'unpack_file', `os.remove(${JSON.stringify(keep)})`);
    own.sandbox.write({ 'run.py': program(hole, ['install', ...INTO, file]) });
    await own.bare('python3', 'run.py');
    expect(existsSync(keep)).toBe(false);
  });
});

interface Ordinary {
  readonly name: string;
  /** Options of `pip install`, for a source archive of a local index. */
  readonly options: (own: PipWorld) => readonly string[];
  readonly env?: (own: PipWorld) => NodeJS.ProcessEnv;
  /** What has to be there afterwards, below the project. */
  readonly made: string;
}

const SITE = 'site/prey/__init__.py';

const ordinary: readonly Ordinary[] = [
  { name: 'with compiled modules', options: () => ['--target', 'site'], made: SITE },
  {
    name: 'with compiled modules elsewhere',
    options: () => ['--target', 'site'],
    env: ({ sandbox }) => ({
      PYTHONPYCACHEPREFIX: join(sandbox.root, 'compiled'),
      PYTHONDONTWRITEBYTECODE: '',
    }),
    made: SITE,
  },
  {
    name: 'with a log',
    options: () => [...INTO, '--log', 'logs/deep/pip.log'],
    made: 'logs/deep/pip.log',
  },
  {
    name: 'with another cache',
    options: () => [...INTO, '--cache-dir', 'other/cache'],
    made: 'other/cache/wheels',
  },
  { name: 'without a cache', options: () => [...INTO, '--no-cache-dir'], made: SITE },
  {
    name: 'with a report',
    options: () => [...INTO, '--report', 'report.json'],
    made: 'report.json',
  },
  { name: 'below a prefix', options: () => ['--prefix', 'a/b'], made: 'a/b' },
  {
    name: 'below a root',
    options: () => ['--root', 'c/d', '--break-system-packages'],
    made: 'c/d',
  },
  { name: 'in verbose mode, with build isolation', options: () => [...INTO, '-vvv'], made: SITE },
];

describe.each(all)('$name', (pip) => {
  it.each(ordinary)('installs $name', async ({ options, env, made }) => {
    const own = world(pip);
    Object.assign(own.env, env?.(own));
    const dists = [sdistOf({ name: 'prey', buildRequires: ['tool'] }), wheelOf({ name: 'tool' })];
    const { url } = await offer(...dists);
    const more = options(own).filter(
      (option) => option !== '--break-system-packages' || pip === system,
    );
    const result = await own.guarded('pip', 'install', '-i', url, ...more, 'prey');
    expect(result).toMatchObject({ code: 0, stderr: expect.not.stringContaining(STOPPED) });
    expect(existsSync(join(own.sandbox.project, made))).toBe(true);
  });

  // `--python` came with 22.3.
  it.runIf(since(pip, [22, 3]))(
    'makes a virtual environment usable: installs, upgrades and removes in it',
    async () => {
      const own = world(pip);
      const { url } = await offer(
        wheelOf({ name: 'prey' }),
        wheelOf({ name: 'prey', version: '2.0' }),
      );
      const made = await own.bare('python3', '-m', 'venv', '--without-pip', 'venv');
      expect(made).toMatchObject({ code: 0 });
      const into = ['--python', 'venv/bin/python3'];
      for (const args of [
        ['install', '-i', url, 'prey==1.0'],
        ['install', '-i', url, '--upgrade', 'prey'],
        ['uninstall', '-y', 'prey'],
      ])
        expect(await own.guarded('pip', ...into, ...args)).toMatchObject({ code: 0 });
    },
  );

  it('installs for the user, and from a checkout in --src', async () => {
    const own = world(pip);
    own.env['PIP_BREAK_SYSTEM_PACKAGES'] = '1';
    const wheel = own.put(wheelOf({ name: 'prey' }));
    expect(await own.guarded('pip', 'install', '--user', wheel)).toMatchObject({ code: 0 });
    const { url } = makeGitRepo(join(own.sandbox.root, 'repository'), {
      ...buildFiles({ name: 'hunter' }),
    });
    const args = ['--src', 'sources', ...INTO, `hunter @ git+${url}`];
    expect(await own.guarded('pip', 'install', ...args)).toMatchObject({ code: 0 });
  });

  it.each(['download', 'wheel'])('%s saves what it fetched', async (command) => {
    const own = world(pip);
    const { url } = await offer(sdistOf({ name: 'prey' }), wheelOf({ name: 'tool' }));
    const into = command === 'download' ? '-d' : '-w';
    const result = await own.guarded('pip', command, '-i', url, into, 'new/deep', 'prey', 'tool');
    expect(result).toMatchObject({ code: 0 });
    expect(existsSync(join(own.sandbox.project, 'new/deep/tool-1.0-py3-none-any.whl'))).toBe(true);
  });
});
