/** Wheels that change what pip knows of other packages: what pip makes of them, and that the guard refuses them. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wheelTextAttacks } from '../../support/attacks/wheel-texts.ts';
import { execute } from '../../support/execute.ts';
import type { Dist } from '../../support/pip/packages.ts';
import { system } from '../../support/pip/pips.ts';
import { expectRefused, INTO, type PipWorld } from '../../support/pip/world.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';
import { world } from './scene.ts';

const NAMES = [
  'wheel-planted-purelib',
  'wheel-planted-dot',
  'wheel-direct-url',
  'wheel-record-outside',
  'wheel-version-folded',
  'wheel-script-group-space',
  'wheel-script-twice',
];
const attacks = wheelTextAttacks.filter(({ name }) => NAMES.includes(name));

it.each(attacks)('refuses $name', async ({ bytes, fileName, rules }) => {
  const own = world(system);
  const dist = { project: 'fixture', fileName, bytes };
  const result = await own.guarded('pip', 'install', ...INTO, own.put(dist));
  expectRefused(own, result, { ...dist, rule: rules[0] ?? '' });
});

it.each(attacks)('installs the twin of $name', async ({ twin }) => {
  const own = world(system);
  const dist = { project: 'fixture', fileName: wheelFileName(), bytes: twin };
  expect(await own.guarded('pip', 'install', ...INTO, own.put(dist))).toMatchObject({ code: 0 });
});

describe('a pip without the guard', () => {
  const hostile = (options: Parameters<typeof wheel>[0]): Dist => ({
    project: 'fixture',
    fileName: wheelFileName(),
    bytes: wheel(options),
  });

  async function venv(own: PipWorld): Promise<{ readonly pip: string[]; readonly site: string }> {
    await own.bare('python3', '-m', 'venv', '--without-pip', 'venv');
    const python = join(own.sandbox.project, 'venv/bin/python3');
    const asked = 'import sysconfig; print(sysconfig.get_path("purelib"))';
    const { stdout } = await execute(python, ['-c', asked], {
      cwd: own.sandbox.project,
      env: own.env,
    });
    return { pip: ['--python', python], site: stdout.trim() };
  }

  it('lists a distribution that a component `.` hides', async () => {
    const own = world(system);
    const path = 'fixture-1.0.0.data/purelib/./victim-99.0.dist-info/METADATA';
    const metadata = 'Metadata-Version: 2.1\nName: victim\nVersion: 99.0\n';
    const file = own.put(hostile({ files: { [path]: metadata } }));
    await own.bare('pip', 'install', ...INTO, file);
    const { stdout } = await own.bare('pip', 'list', '--path', 'site');
    expect(stdout).toMatch(/victim\s+99\.0/);
  });

  it('lists a source that the wheel chose', async () => {
    const own = world(system);
    const path = 'fixture-1.0.0.dist-info/direct_url.json';
    const body = '{"url": "https://example.com/other.tar.gz", "archive_info": {}}';
    own.put(hostile({ files: { [path]: body } }));
    await own.bare('pip', 'install', ...INTO, '--no-index', '--find-links', '.', 'fixture');
    const { stdout } = await own.bare('pip', 'freeze', '--path', 'site');
    expect(stdout).toContain('fixture @ https://example.com/other.tar.gz');
  });

  it('deletes a file that RECORD lists and the wheel does not hold', async () => {
    const own = world(system);
    const { pip, site } = await venv(own);
    mkdirSync(join(site, 'other'), { recursive: true });
    const victim = join(site, 'other/__init__.py');
    writeFileSync(victim, 'mine\n');
    const file = own.put(hostile({ record: (lines) => [...lines, 'other/__init__.py,,'] }));
    expect(await own.bare('pip', ...pip, 'install', file)).toMatchObject({ code: 0 });
    expect(readFileSync(victim, 'utf8')).toBe('mine\n');
    await own.bare('pip', ...pip, 'uninstall', '-y', 'fixture');
    expect(existsSync(victim)).toBe(false);
  });
});
