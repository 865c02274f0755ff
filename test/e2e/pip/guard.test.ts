// @module-tag pip
/** The guard of pip beside what it refuses: that it is there, stays there, and leaves no trace. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SERVICE_ENVIRONMENT } from '@tarwarden/pip-gem-hooks/protocol';
import { gzip } from '../../support/gzip.ts';
import { repository } from '../../support/managers.ts';
import { buildFiles, sdistOf, wheelOf } from '../../support/pip/packages.ts';
import { pips, since, system, type Pip } from '../../support/pip/pips.ts';
import { expectRefused, INTO, type PipWorld } from '../../support/pip/world.ts';
import { archive, entry } from '../../support/tar.ts';
import { offer, world } from './scene.ts';

const GUARD = join(repository, 'packages/pip-gem-hooks/guard/pip');
const UNGUARDED = 'refusing to run pip unguarded';

/** Files of a package by the name of pip, which comes before the real one. */
function fakePip(own: PipWorld, files: Readonly<Record<string, string>>): void {
  const fake = join(own.sandbox.root, 'fake');
  own.sandbox.write(files, fake);
  own.env['PYTHONPATH'] = fake;
}

/** Builds are kept from what is installed for the system. */
function copyOfPip({ python }: Pip, folder: string): string {
  const code = 'import pip; print(pip.__path__[0])';
  const installed = execFileSync(python, ['-c', code], { encoding: 'utf8' }).trim();
  cpSync(installed, join(folder, 'pip'), { recursive: true });
  return folder;
}

function filesBelow(folder: string, name: RegExp): string[] {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return found.filter((path) => name.test(path)).map((path) => join(folder, path));
}

const COMMANDS = 'def create_command(name, **options):\n    print("RAN")\n';
const MAIN = 'from pip._internal.commands import create_command\ncreate_command("install")\n';

describe('a pip that cannot be guarded is not run', () => {
  it('with an option of Python that keeps the guard out', async () => {
    const own = world(system);
    const file = own.put(wheelOf({ name: 'prey' }));
    const result = await own.guarded('python3', '-I', '-m', 'pip', 'install', ...INTO, file);
    expect(result).toMatchObject({ code: 97, stdout: '' });
    expect(result.stderr).toContain('python3 -I does not load the guard');
    expect(existsSync(own.site)).toBe(false);
  });

  it('where it is too old', async () => {
    const own = world(system);
    fakePip(own, {
      'pip/__init__.py': '__version__ = "21.3.1"\n',
      'pip/__main__.py': MAIN,
      'pip/_internal/__init__.py': '',
      'pip/_internal/commands/__init__.py': COMMANDS,
    });
    expect(await own.guarded('python3', '-m', 'pip', 'install', 'x')).toMatchObject({
      code: 97,
      stdout: '',
      stderr: expect.stringMatching(
        /pip 21\.3\.1 cannot be guarded.*refusing to run pip unguarded/,
      ),
    });
  });

  it('where a module is missing that it has had', async () => {
    const own = world(system);
    fakePip(own, {
      'pip/__init__.py': '__version__ = "99.0"\n',
      'pip/__main__.py': MAIN,
      'pip/_internal/__init__.py': '',
      'pip/_internal/commands/__init__.py': COMMANDS,
    });
    const result = await own.guarded('python3', '-m', 'pip', 'install', 'x');
    expect(result).toMatchObject({ code: 97, stdout: '' });
    expect(result.stderr).toContain(UNGUARDED);
  });

  it('where a function is missing that it has had', async () => {
    const own = world(system);
    fakePip(own, {
      'pip/__init__.py': '__version__ = "99.0"\n',
      'pip/__main__.py': MAIN,
      'pip/_internal/__init__.py': '',
      'pip/_internal/commands/__init__.py': COMMANDS,
      'pip/_internal/operations/__init__.py': '',
      'pip/_internal/operations/prepare.py': 'def get_file_url(link):\n    pass\n',
    });
    const result = await own.guarded('python3', '-m', 'pip', 'install', 'x');
    expect(result).toMatchObject({ code: 97, stdout: '' });
    expect(result.stderr).toContain('has no pip._internal.operations.prepare.get_http_url');
    expect(result.stderr).toContain(UNGUARDED);
  });

  it('where nobody is there to ask', async () => {
    const own = world(system);
    own.env['PYTHONPATH'] = GUARD;
    own.env[SERVICE_ENVIRONMENT.address] = `unix:${join(own.sandbox.root, 'none')}`;
    const file = own.put(wheelOf({ name: 'prey' }));
    const result = await own.bare('pip', 'install', ...INTO, file);
    expect(result).toMatchObject({ code: 97, stderr: expect.stringContaining(UNGUARDED) });
    expect(existsSync(own.site)).toBe(false);
  });
});

it('a pip that ran without the guard does not end with success', async () => {
  const own = world(system);
  const file = own.put(wheelOf({ name: 'prey' }));
  writeFileSync(join(own.sandbox.bin, 'pip'), `#!/bin/sh\nexec ${system.python} -I -m pip "$@"\n`);
  const result = await own.guarded('pip', 'install', ...INTO, file);
  expect(result).toMatchObject({ code: 98 });
  expect(result.stderr).toContain('UNCHECKED');
});

describe.each(process.env['TARWARDEN_E2E_FULL'] === '1' ? pips : [system])('$name', (pip) => {
  it('is guarded where a build starts it, and a build cannot hide the refusal', async () => {
    const own = world(pip);
    const archives = join(own.sandbox.project, 'archives');
    own.put(wheelOf({ name: 'prey', hostile: true }), 'archives');
    const stolen = join(own.sandbox.root, 'stolen');
    const nested = pip.wheel ?? copyOfPip(pip, join(own.sandbox.root, 'nested'));
    const outer = sdistOf({
      name: 'outer',
      onBuild: [
        'import subprocess',
        `env = dict(os.environ, PYTHONPATH=os.environ.get('PYTHONPATH', '') + os.pathsep + ${JSON.stringify(nested)})`,
        `subprocess.call([sys.executable, '-m', 'pip', 'install', '--no-index', '--find-links', ${JSON.stringify(archives)}, '-t', ${JSON.stringify(stolen)}, 'prey'], env=env)`,
      ],
    });
    const result = await own.guarded('pip', 'install', ...INTO, `./${own.put(outer)}`);
    expect(own.built()).toContain('outer');
    expect(existsSync(stolen)).toBe(false);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain('prey@1.0 is refused: symlink');
  });

  it('builds again what it built of an archive that was never accepted', async () => {
    const own = world(pip);
    const bytes = gzip(
      archive(
        ...Object.entries(buildFiles({ name: 'prey' })).map(([path, body]) =>
          entry({ name: `prey-1.0/${path}`, body }),
        ),
        entry({ name: 'prey-1.0/twice', body: 'one' }),
        entry({ name: 'prey-1.0/twice', body: 'two' }),
        Buffer.alloc(1024),
      ),
    );
    const prey = { project: 'prey', fileName: 'prey-1.0.tar.gz', bytes };
    const { url } = await offer(prey);
    const args = ['install', ...INTO, '--index-url', url, 'prey'];
    expect(await own.bare('pip', ...args, '--target', 'other')).toMatchObject({ code: 0 });
    const before = own.built().length;
    const result = await own.guarded('pip', ...args);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain('tarwarden: refused prey@1.0:');
    expect(own.built()).toHaveLength(before);
    expect(existsSync(own.site)).toBe(false);
  });

  it('uses again what it built of an archive that was accepted', async () => {
    const own = world(pip);
    const { url } = await offer(sdistOf({ name: 'prey' }));
    const args = ['install', ...INTO, '--upgrade', '--index-url', url, 'prey'];
    const first = await own.guarded('pip', ...args);
    expect(first).toMatchObject({ code: 0 });
    expect(first.stderr).toContain('1 source archive was built');
    expect(first.stderr).toContain('--only-binary :all:');
    const before = own.built().length;
    const second = await own.guarded('pip', ...args);
    expect(second).toMatchObject({ code: 0, stderr: expect.not.stringContaining('tarwarden') });
    expect(own.built()).toHaveLength(before);
  });

  it('builds again where a second wheel lies beside what it built', async () => {
    const own = world(pip);
    const { url } = await offer(sdistOf({ name: 'prey' }));
    const args = ['install', ...INTO, '--upgrade', '--index-url', url, 'prey'];
    expect(await own.guarded('pip', ...args)).toMatchObject({ code: 0 });
    const built = own.built().length;
    const [wheel = ''] = filesBelow(own.sandbox.root, /prey-1\.0-[^/]*\.whl$/);
    writeFileSync(
      join(dirname(wheel), 'prey-1.0-1-py3-none-any.whl'),
      wheelOf({ name: 'prey' }).bytes,
    );
    expect(await own.guarded('pip', ...args)).toMatchObject({ code: 0 });
    expect(own.built().length).toBeGreaterThan(built);
  });

  it('installs the copy that was inspected of a file that changes afterwards', async () => {
    const own = world(pip);
    const file = join(own.sandbox.project, own.put(wheelOf({ name: 'prey' })));
    const swap = join(own.sandbox.root, 'swap');
    own.sandbox.write(
      {
        'sitecustomize.py': [
          'import sys',
          'if "pip" in sys.argv or "-m" in sys.argv or sys.argv[:1] != ["-c"]:',
          '    import pip._internal.operations.install.wheel as module',
          '    real = module.install_wheel',
          '    def swapped(*args, **kwargs):',
          `        open(${JSON.stringify(file)}, "wb").close()`,
          '        return real(*args, **kwargs)',
          '    module.install_wheel = swapped',
        ].join('\n'),
      },
      swap,
    );
    own.env['PYTHONPATH'] = swap;
    expect(await own.guarded('pip', 'install', ...INTO, file)).toMatchObject({ code: 0 });
    expect(statSync(file).size).toBe(0);
    expect(existsSync(join(own.site, 'prey-1.0.dist-info'))).toBe(true);
  });

  it.skipIf(process.platform !== 'linux')(
    'inspects below a folder whose name is not UTF-8',
    async () => {
      const own = world(pip);
      const folder = Buffer.from(`${own.sandbox.root}/l\xe4den`, 'latin1');
      mkdirSync(folder);
      symlinkSync(folder, join(own.sandbox.root, 'link'));
      own.env['TMPDIR'] = join(own.sandbox.root, 'link');
      const file = own.put(wheelOf({ name: 'prey' }));
      expect(await own.guarded('pip', 'install', ...INTO, file)).toMatchObject({ code: 0 });
      expect(existsSync(join(own.site, 'prey-1.0.dist-info'))).toBe(true);
    },
  );

  it.skipIf(!since(pip, [22, 2]))('reports what it reports without the guard', async () => {
    const own = world(pip);
    const { url } = await offer(wheelOf({ name: 'prey' }));
    const report = async (run: PipWorld['bare']): Promise<string> => {
      const args = ['--dry-run', '--ignore-installed', '--report', 'report.json'];
      const result = await run('pip', 'install', ...args, '--index-url', url, 'prey');
      expect(result).toMatchObject({ code: 0 });
      return readFileSync(join(own.sandbox.project, 'report.json'), 'utf8');
    };
    expect(await report(own.guarded)).toBe(await report(own.bare));
  });

  it.skipIf(!since(pip, [25, 1]))('locks what it locks without the guard', async () => {
    const own = world(pip);
    const { url } = await offer(wheelOf({ name: 'prey' }));
    const lock = async (run: PipWorld['bare']): Promise<string> => {
      expect(await run('pip', 'lock', '--index-url', url, 'prey')).toMatchObject({ code: 0 });
      return readFileSync(join(own.sandbox.project, 'pylock.toml'), 'utf8');
    };
    expect(await lock(own.guarded)).toBe(await lock(own.bare));
  });

  it('says why it stopped also where pip says nothing', async () => {
    const own = world(pip);
    const prey = wheelOf({ name: 'prey', hostile: true });
    const result = await own.guarded('pip', '-qqq', 'install', ...INTO, own.put(prey));
    expect(result).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`tarwarden: ${prey.fileName} is refused: symlink`),
    });
  });

  it('leaves what was installed before', async () => {
    const own = world(pip);
    expect(
      await own.guarded('pip', 'install', ...INTO, own.put(wheelOf({ name: 'prey' }))),
    ).toMatchObject({ code: 0 });
    const next = wheelOf({ name: 'prey', version: '2.0', hostile: true });
    const result = await own.guarded('pip', 'install', ...INTO, '--upgrade', own.put(next));
    expect(result).toMatchObject({ code: 1 });
    expect(existsSync(join(own.site, 'prey-1.0.dist-info'))).toBe(true);
    expect(existsSync(join(own.site, 'prey-2.0.dist-info'))).toBe(false);
  });
});

it('a password of an index is shown by nobody', async () => {
  const own = world(system);
  const prey = wheelOf({ name: 'prey', hostile: true });
  const index = await offer(prey);
  const url = index.file(prey).replace('http://', 'http://jo:hush@');
  const result = await own.guarded('pip', 'install', ...INTO, url);
  expectRefused(own, result, prey);
  expect(result.stdout + result.stderr).not.toContain('hush');
});
