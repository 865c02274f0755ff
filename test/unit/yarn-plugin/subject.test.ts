import { expect, test } from 'vitest';
import { yarnSubject, type YarnSubject } from '../../../packages/yarn-plugin/src/subject.ts';

type Locator = Parameters<typeof yarnSubject>[0];

const locator = (reference: string, name = 'a', scope: string | null = null): Locator =>
  ({ scope, name, reference, identHash: '', locatorHash: '' }) as unknown as Locator;

const cases: readonly [string, Locator, YarnSubject][] = [
  [
    'a package of the registry is held to its name and version',
    locator('npm:1.2.3'),
    { label: 'a@1.2.3', expected: { name: 'a', version: '1.2.3' }, hasTarball: true },
  ],
  [
    'a scoped one, too',
    locator('npm:1.2.3', 'b', 's'),
    { label: '@s/b@1.2.3', expected: { name: '@s/b', version: '1.2.3' }, hasTarball: true },
  ],
  [
    'one with an archive elsewhere says where',
    locator('npm:1.0.0::__archiveUrl=https%3A%2F%2Fcdn.example%2Fa.tgz'),
    {
      label: 'a@1.0.0',
      expected: { name: 'a', version: '1.0.0' },
      source: 'https://cdn.example/a.tgz',
      hasTarball: true,
    },
  ],
  [
    'a virtual one is the one it stands for',
    locator('virtual:0123456789#npm:1.0.0'),
    { label: 'a@1.0.0', expected: { name: 'a', version: '1.0.0' }, hasTarball: true },
  ],
  [
    'a tarball by http promises no name',
    locator('https://host.example/a.tgz'),
    { label: 'a@https://host.example/a.tgz', hasTarball: true },
  ],
  [
    'a tarball by file: is one',
    locator('file:./a.tgz#./a.tgz::hash=0&locator=p%40workspace%3A.'),
    { label: 'a@file:./a.tgz', hasTarball: true },
  ],
  [
    'a folder by file: is none',
    locator('file:./a#./a::hash=0&locator=p%40workspace%3A.'),
    { label: 'a@file:./a', hasTarball: false },
  ],
  [
    'git is packed to one',
    locator('https://git.example/a.git#commit=0123'),
    { label: 'a@https://git.example/a.git#commit=0123', hasTarball: true },
  ],
  [
    'a patch is none',
    locator('patch:a@npm%3A1.0.0#./a.patch::version=1.0.0'),
    { label: 'a@patch:a@npm%3A1.0.0#./a.patch', hasTarball: false },
  ],
  [
    'a protocol that nobody knows must have one',
    locator('other:thing'),
    { label: 'a@other:thing', hasTarball: true },
  ],
];

test.each(cases)('%s', (_title, from, subject) => {
  expect(yarnSubject(from)).toEqual(subject);
});
