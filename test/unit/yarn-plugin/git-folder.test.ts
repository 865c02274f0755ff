/** Which git references make Yarn pack a folder outside its clone. */
import { describe, expect, test } from 'vitest';
import {
  isMadeByPrograms,
  packsFolderOutside,
} from '../../../packages/yarn-plugin/src/tarballs.ts';

const COMMIT = 'commit=0123456789012345678901234567890123456789';
const REPOSITORY = 'https://host.example/owner/project.git';
const TARBALL = 'https://github.com/owner/project/tarball/';

const outside = (reference: string): boolean => packsFolderOutside({ reference } as never);

describe.each([
  ['by its whole path', '/home/user/other'],
  ['by its whole path, encoded', '%2Fhome%2Fuser%2Fother'],
  ['by dots', '../other'],
  ['by dots, encoded', '%2e%2e/other'],
  ['by dots behind a folder', 'inside/../../other'],
  ['by nothing but dots', '..'],
  ['by dots behind a folder with a # in it', 'in#/../../other'],
  ['by dots behind a folder with an encoded # in it', 'in%23/../../other'],
  ['by dots behind folders named as in an address of GitHub', 'in/tarball/../../../other'],
  ['by backslashes', '..\\other'],
  ['by a drive', 'C:\\other'],
  ['by a share', '\\\\host\\share'],
])('another folder is seen %s', (_title, cwd) => {
  test.each([
    `${REPOSITORY}#${COMMIT}&cwd=${cwd}`,
    `${REPOSITORY}#cwd=${cwd}&${COMMIT}`,
    `${REPOSITORY}#${COMMIT}&%63wd=${cwd}`,
    `git@host.example:owner/project.git#${COMMIT}&cwd=${cwd}`,
    `git+ssh://git@host.example/owner/project.git#${COMMIT}&cwd=${cwd}`,
    `owner/project#${COMMIT}&cwd=${cwd}`,
    `${TARBALL}${COMMIT}&cwd=${cwd}`,
    `git+${TARBALL}cwd=${cwd}&${COMMIT}`,
    `https://github.com/owner/tarball/tarball/cwd=${cwd}&${COMMIT}`,
    // Yarn takes no such owner: what follows the # counts.
    `https://github.com/own%20er/project/tarball/project.git#cwd=${cwd}&${COMMIT}`,
  ])('in %s', (reference) => {
    expect(outside(reference)).toBe(true);
  });
});

test('one of several folders is enough, whichever Yarn would choose', () => {
  expect(outside(`${REPOSITORY}#${COMMIT}&cwd=inside&cwd=../other`)).toBe(true);
  expect(outside(`${REPOSITORY}#${COMMIT}&cwd=../other&cwd=inside`)).toBe(true);
});

test.each([
  'npm:1.0.0',
  'workspace:.',
  'file:../other.tgz',
  'https://host.example/a/-/a-1.0.0.tgz',
  REPOSITORY,
  `${REPOSITORY}#${COMMIT}`,
  `${REPOSITORY}#main`,
  `${REPOSITORY}#${COMMIT}&workspace=..%2Fother`,
  `${REPOSITORY}#${COMMIT}&cwd=`,
  `${REPOSITORY}#${COMMIT}&cwd=.`,
  `${REPOSITORY}#${COMMIT}&cwd=packages/inside`,
  `${REPOSITORY}#${COMMIT}&cwd=packages%2Finside`,
  `${REPOSITORY}#${COMMIT}&cwd=./packages/../inside`,
  `${REPOSITORY}#${COMMIT}&cwd=..inside`,
  `${REPOSITORY}#${COMMIT}&cwd=in#side`,
  `${TARBALL}${COMMIT}`,
  `${TARBALL}${COMMIT}&cwd=inside`,
  `${TARBALL}main`,
  // What looks like a setting is part of the address.
  'https://host.example/cwd=../project.git',
  `https://host.example/${TARBALL}cwd=../other`,
  'https://host.example/owner/project/tarball/cwd=../other',
])('nothing is seen in %s', (reference) => {
  expect(outside(reference)).toBe(false);
});

const madeByPrograms = (reference: string): boolean => isMadeByPrograms({ reference } as never);

test.each([
  `${REPOSITORY}#${COMMIT}`,
  `${REPOSITORY}#${COMMIT.replace('=', ':')}`,
  `${REPOSITORY}#workspace=a&%63ommit=0123456789012345678901234567890123456789`,
  `git@host.example:owner/project.git#${COMMIT}`,
  `owner/project#${COMMIT}`,
  `${TARBALL}${COMMIT}`,
  'exec:./generate.js#./generate.js::hash=0123&locator=a%40npm%3A1.0.0',
])('%s is made by programs that it brings', (reference) => {
  expect(madeByPrograms(reference)).toBe(true);
});

test.each([
  'npm:1.0.0',
  'npm:1.0.0::__archiveUrl=https%3A%2F%2Fhost.example%2Fa.tgz%23commit%3D1',
  'workspace:.',
  'file:../other.tgz#../other.tgz::hash=0123&locator=a%40workspace%3A.',
  'patch:a@npm%3A1.0.0#./a.patch::version=1.0.0&hash=0123',
  'virtual:0123#npm:1.0.0',
  'https://host.example/a/-/a-1.0.0.tgz',
])('%s is not', (reference) => {
  expect(madeByPrograms(reference)).toBe(false);
});
