/** How managers other than npm's are tried: one that checks nothing is seen to write outside, at every depth. */
import { writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Component, OsvEcosystem } from '../../../packages/doctor/src/component.ts';
import { CANARIES } from '@tarwarden/guarded-run/trial-archives';
import { probe, type Probed } from '../../../packages/doctor/src/probe/probe.ts';
import { subjectsFor } from '../../../packages/doctor/src/probe/subjects.ts';
import { NAIVE_GEM, NAIVE_GO, NAIVE_PIP } from './naive-managers.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let folder: string;
freshFolder((made) => (folder = made));

const path = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((one) => one.startsWith('/'))
  .join(delimiter);

interface Planted {
  readonly ecosystem: OsvEcosystem;
  readonly name: string;
  readonly program: string;
  readonly code: string;
}

async function tryPlanted({ ecosystem, name, program, code }: Planted): Promise<readonly Probed[]> {
  const file = join(folder, 'manager.cjs');
  writeFileSync(file, code);
  const component: Component = {
    ecosystem,
    name,
    version: '99.0.0',
    origin: {
      kind: 'program',
      program,
      programVersion: '3.99.0',
      path: file,
      command: [process.execPath, file],
      itself: true,
    },
  };
  const subjects = subjectsFor([component], []);
  return (await probe({ subjects, folder: join(folder, 'probe'), path })).results;
}

const all = CANARIES.map(({ id }) => id);
const forZip = CANARIES.filter(({ tarOnly }) => tarOnly !== true).map(({ id }) => id);

const PLANTED: readonly (readonly [Planted, readonly (readonly [string, readonly string[]])[]])[] =
  [
    [
      { ecosystem: 'PyPI', name: 'pip', program: 'python', code: NAIVE_PIP },
      [
        ['pip 99.0.0 of Python 3.99.0 (wheel)', forZip],
        ['pip 99.0.0 of Python 3.99.0 (sdist)', all],
      ],
    ],
    [
      { ecosystem: 'RubyGems', name: 'rubygems-update', program: 'ruby', code: NAIVE_GEM },
      [['RubyGems 99.0.0', all]],
    ],
    [
      { ecosystem: 'Go', name: 'toolchain', program: 'go', code: NAIVE_GO },
      [['go 99.0.0', forZip]],
    ],
  ];

describe.skipIf(process.platform === 'win32')('a manager that checks nothing', () => {
  it.each(PLANTED)('is seen to write outside: $name', async (planted, wanted) => {
    const results = await tryPlanted(planted);
    const seen = results.map(({ title, tried, escaped, kept }) => [
      title,
      tried,
      kept,
      escaped.map(({ id }) => id),
    ]);
    expect(seen).toEqual(wanted.map(([title, ids]) => [title, true, 0, ids]));
  });

  it.each(PLANTED)('that does nothing could not be tried: $name', async (planted, wanted) => {
    const results = await tryPlanted({ ...planted, code: '' });
    expect(results.map(({ title, tried }) => [title, tried])).toEqual(
      wanted.map(([title]) => [title, false]),
    );
  });
});

it('an old pip, and a program that is not known, are tried as far as that goes', () => {
  const origin = {
    kind: 'program',
    program: 'python',
    programVersion: '2.7.18',
    path: '/pip',
    command: ['/python'],
    itself: false,
  } as const;
  const titles = (component: Pick<Component, 'ecosystem' | 'name' | 'version'>): string[] =>
    subjectsFor([{ ...component, origin }], []).map(({ title }) => title);
  expect(titles({ ecosystem: 'PyPI', name: 'pip', version: '19.2.3' })).toEqual([
    'pip 19.2.3 of Python 2.7.18 (wheel)',
  ]);
  expect(titles({ ecosystem: 'PyPI', name: 'uv', version: '0.9.0' })).toEqual([]);
});
