// @module-tag pip
/** A hash that pip checked holds for the bytes that are inspected and installed, also where the file is exchanged in between. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sdistOf, wheelOf, type Dist } from '../../support/pip/packages.ts';
import { pips, system } from '../../support/pip/pips.ts';
import { INTO, type PipWorld } from '../../support/pip/world.ts';
import { world } from './scene.ts';

const KINDS = { wheel: wheelOf, sdist: sdistOf } as const;

/** Has somebody put another archive, which is in order, in the place of `file` as soon as pip has checked the hash of that. */
function exchangeAfterCheck(own: PipWorld, file: string, other: Dist): void {
  const folder = join(own.sandbox.root, 'exchange');
  own.sandbox.write(
    {
      'sitecustomize.py': [
        'import subprocess, sys',
        'if sys.argv[:1] != ["-c"]:',
        '    from pip._internal.utils.hashes import Hashes',
        '    real = Hashes.check_against_path',
        '    def exchanged(self, path):',
        '        real(self, path)',
        `        if path == ${JSON.stringify(file)}:`,
        // Another program: the guard lets pip itself write to no such place.
        `            subprocess.check_call(["cp", ${JSON.stringify(join(folder, 'other'))}, path])`,
        '    Hashes.check_against_path = exchanged',
      ].join('\n'),
    },
    folder,
  );
  writeFileSync(join(folder, 'other'), other.bytes);
  own.env['PYTHONPATH'] = folder;
}

interface Pinned {
  readonly own: PipWorld;
  readonly file: string;
  readonly args: readonly string[];
}

function pinned(own: PipWorld, dist: Dist, where: 'file' | 'find-links'): Pinned {
  const file = join(own.sandbox.project, own.put(dist, 'archives'));
  const hash = `--hash=sha256:${createHash('sha256').update(dist.bytes).digest('hex')}`;
  const line =
    where === 'file' ? `prey @ ${pathToFileURL(file).href} ${hash}` : `prey==1.0 ${hash}`;
  own.sandbox.write({ 'requirements.txt': `${line}\n` });
  const from = ['--no-index', '--find-links', 'archives', '--require-hashes'];
  return { own, file, args: ['install', ...INTO, ...from, '-r', 'requirements.txt'] };
}

const all = process.env['TARWARDEN_E2E_FULL'] === '1' ? pips : [system];
const cases = all.flatMap((pip) =>
  (['wheel', 'sdist'] as const).flatMap((kind) =>
    (['file', 'find-links'] as const).map((where) => ({ pip, kind, where })),
  ),
);

describe.each(cases)('$pip.name, a $kind, by $where', ({ pip, kind, where }) => {
  const make = KINDS[kind];

  it('installs what has the hash', async () => {
    const { own, args } = pinned(world(pip), make({ name: 'prey' }), where);
    expect(await own.guarded('pip', ...args)).toMatchObject({ code: 0 });
    expect(existsSync(join(own.site, 'prey/__init__.py'))).toBe(true);
  });

  it('refuses what was put in its place after the hash was checked', async () => {
    const { own, file, args } = pinned(world(pip), make({ name: 'prey' }), where);
    const other = make({ name: 'prey', summary: 'exchanged' });
    exchangeAfterCheck(own, file, other);
    const result = await own.guarded('pip', ...args);
    expect(readFileSync(file)).toEqual(other.bytes);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain('DO NOT MATCH THE HASHES');
    expect(existsSync(own.site)).toBe(false);
    expect(own.built()).toEqual([]);
  });
});

it('a pip without the guard installs what was put there', async () => {
  const { own, file, args } = pinned(world(system), wheelOf({ name: 'prey' }), 'file');
  exchangeAfterCheck(own, file, wheelOf({ name: 'prey', summary: 'exchanged' }));
  expect(await own.bare('pip', ...args)).toMatchObject({ code: 0 });
  const metadata = join(own.site, 'prey-1.0.dist-info/METADATA');
  expect(readFileSync(metadata, 'utf8')).toContain('Summary: exchanged');
});
