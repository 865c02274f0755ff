/** Clients that build while they install, in one step: a build writes nothing outside, and ordinary packages install. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { findHelper } from '../../../packages/confine/src/helper.ts';
import type { Result } from '../../support/execute.ts';
import { gemOf } from '../../support/gem.ts';
import { makeGem, TRACE as RUBY_TRACE } from '../../support/gem/gems.ts';
import { startGemServer } from '../../support/gem/index.ts';
import { system as ruby } from '../../support/gem/rubies.ts';
import { rubyWorld, type RubyWorld } from '../../support/gem/world.ts';
import {
  closeGoBench,
  guarded,
  makeGoBench,
  unguarded,
  type Bench,
} from '../../support/go/bench.ts';
import { sdistOf, TRACE, wheelOf } from '../../support/pip/packages.ts';
import { system as python } from '../../support/pip/pips.ts';
import { INTO, pipWorld, type PipWorld } from '../../support/pip/world.ts';

const canConfine = !('problem' in findHelper());
const open: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** The same twice: confined it fails and nothing is written, by itself it succeeds and writes. */
async function expectStopped(
  evil: string,
  confined: () => Promise<Result>,
  bare: () => Promise<Result>,
): Promise<void> {
  const result = await confined();
  expect(result.stderr + result.stdout).toMatch(/Permission denied|permission denied|EACCES/);
  expect([0, 2, 97, 98, 127, null]).not.toContain(result.code);
  expect(result.stderr).toContain('was confined: it may write in');
  expect(existsSync(evil)).toBe(false);
  expect(await bare()).toMatchObject({ code: 0 });
  expect(existsSync(evil)).toBe(true);
}

describe.skipIf(!canConfine)('pip', { tags: ['pip'] }, () => {
  const made = (): PipWorld => {
    const world = pipWorld(python);
    open.push(() => world.dispose());
    world.env[TRACE] = join(world.sandbox.project, 'trace');
    return world;
  };
  const offline = ['install', '--no-index', '--no-build-isolation', '--no-deps'];

  test('builds a source archive, and installs a wheel', async () => {
    const world = made();
    const files = [sdistOf({ name: 'built' }), wheelOf({ name: 'ready' })].map((one) =>
      world.put(one),
    );
    const result = await world.guarded('pip', '--confine', ...offline, ...INTO, ...files);
    expect(result).toMatchObject({ code: 0 });
    expect(readFileSync(join(world.sandbox.project, 'trace'), 'utf8')).toContain('built\n');
    for (const name of ['built', 'ready']) expect(existsSync(join(world.site, name))).toBe(true);
  });

  test('is stopped where a build writes outside', async () => {
    const world = made();
    const evil = join(world.sandbox.home, 'evil');
    const onBuild = [`open(${JSON.stringify(evil)}, 'w').write('x')`];
    const args = [...offline, ...INTO, world.put(sdistOf({ name: 'hostile', onBuild }))];
    await expectStopped(
      evil,
      () => world.guarded('pip', '--confine', ...args),
      () => world.bare('pip', ...args),
    );
  });

  test('installs into the virtual environment that it belongs to, and not into the system', async () => {
    const world = made();
    const venv = join(world.sandbox.root, 'venv');
    execFileSync('/usr/bin/python3', [
      '-m',
      'venv',
      '--system-site-packages',
      '--without-pip',
      venv,
    ]);
    const file = world.put(wheelOf({ name: 'ready' }));
    const args = ['--confine', '-m', 'pip', ...offline, file];
    const outside = await world.guarded(
      'python3',
      ...args,
      '--break-system-packages',
      '--prefix',
      join(world.sandbox.root, 'system'),
    );
    expect(outside.code).toBe(1);
    world.env['PATH'] = [join(venv, 'bin'), world.env['PATH']].join(delimiter);
    expect(await world.guarded('python3', ...args)).toMatchObject({ code: 0 });
    const [site] = execFileSync('find', [venv, '-name', 'ready', '-type', 'd'], {
      encoding: 'utf8',
    }).split('\n');
    expect(site).toContain('site-packages/ready');
  });
});

describe.skipIf(!canConfine)('RubyGems and Bundler', { tags: ['ruby'] }, () => {
  const made = (): RubyWorld => {
    const world = rubyWorld(ruby);
    open.push(() => world.dispose());
    world.env[RUBY_TRACE] = join(world.sandbox.project, 'trace');
    world.sandbox.command('make', '/usr/bin/make');
    return world;
  };
  const extension = (name: string, line: string): Parameters<RubyWorld['put']>[0] => {
    const extconf = `${line}\nFile.write('Makefile', "all:\\n\\nclean:\\n\\ninstall:\\n")\n`;
    const bytes = gemOf({
      name,
      version: '1.0.0',
      files: { 'lib/x.rb': '', 'ext/extconf.rb': extconf },
      gemspec: { dependencies: '[]', extensions: '\n- ext/extconf.rb' },
    });
    return { ...makeGem({ name }), bytes };
  };

  test('build an extension', async () => {
    const world = made();
    const file = world.put(extension('ordinary', ''));
    expect(await world.guarded('gem', '--confine', 'install', '--local', file)).toMatchObject({
      code: 0,
    });
    expect(existsSync(join(world.gemHome, 'gems/ordinary-1.0.0/ext'))).toBe(true);
  });

  test('are stopped where an extension writes outside', async () => {
    const world = made();
    const evil = join(world.sandbox.home, 'evil');
    const file = world.put(extension('hostile', `File.write(${JSON.stringify(evil)}, 'x')`));
    const args = ['install', '--local', file];
    await expectStopped(
      evil,
      () => world.guarded('gem', '--confine', ...args),
      () => world.bare('gem', ...args),
    );
  });

  test('install what a Gemfile names', async () => {
    const world = made();
    const server = await startGemServer({ gems: [extension('ordinary', '')] });
    open.push(() => server.close());
    world.gemfile(`source "${server.url}"`, 'gem "ordinary"');
    expect(await world.guarded('bundle', '--confine', 'install')).toMatchObject({ code: 0 });
    expect(existsSync(join(world.gemHome, 'gems/ordinary-1.0.0'))).toBe(true);
  });
});

describe.skipIf(!canConfine)('go', { tags: ['go'] }, () => {
  const made = async (evil: (home: string) => string): Promise<Bench> => {
    const bench = await makeGoBench();
    open.push(() => closeGoBench(bench));
    const file = JSON.stringify(evil(bench.sandbox.home));
    bench.sandbox.write({
      'go.mod': 'module example.org/project\n\ngo 1.21\n',
      'main.go': `package main\n\n//go:generate touch ${file}\n\nimport "os"\n\nfunc main() {\n\tif err := os.WriteFile(${file}, nil, 0o644); err != nil {\n\t\tpanic(err)\n\t}\n}\n`,
    });
    return bench;
  };

  test.each([['generate'], ['run', '.']])(
    'is stopped where "%s" writes outside',
    async (...args) => {
      const bench = await made((home) => join(home, 'evil'));
      await expectStopped(
        join(bench.sandbox.home, 'evil'),
        () => guarded(bench, ['--confine', ...args]),
        () => unguarded(bench, args),
      );
    },
  );

  test('builds and runs what stays inside', async () => {
    const bench = await made(() => 'inside');
    expect(await guarded(bench, ['--confine', 'build', './...'])).toMatchObject({ code: 0 });
    expect(await guarded(bench, ['--confine', 'run', '.'])).toMatchObject({ code: 0 });
    expect(existsSync(join(bench.sandbox.project, 'inside'))).toBe(true);
  });
});
