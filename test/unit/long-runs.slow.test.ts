/**
 * Readers of files that somebody else wrote take a time that is linear in them. A reader that is not takes minutes for one of these, and
 * its test ends by the limit, which is many times what all of them take.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Gems } from '../../packages/audit/src/ecosystems/gems/gems.ts';
import { filesOnPage } from '../../packages/audit/src/ecosystems/pypi/simple-index.ts';
import { entryChecks } from '../../packages/audit/src/origin.ts';
import { planOf } from '../../packages/audit/src/plan.ts';
import { requestChecks } from '../../packages/audit/src/requests/check.ts';
import { requestsBeside } from '../../packages/audit/src/requests/load.ts';
import { loadSettings } from '../../packages/clients/src/registries/load.ts';
import { readCoreMetadata } from '../../packages/core/src/metadata/index.ts';
import { comparatorOf } from '../../packages/doctor/src/advisories/versions.ts';
import { findInLockfiles } from '../../packages/doctor/src/find/lockfiles.ts';
import { readLockfile } from '../../packages/clients/src/lockfiles.ts';
import { parseNetrc } from '../../packages/clients/src/shared/netrc.ts';
import { pipValues } from '../../packages/clients/src/python/settings.ts';
import { projectPage } from '../../packages/server/src/gateway/pypi/project-page.ts';
import {
  BERRY_SAMPLE,
  BUNDLE_SAMPLE,
  CORE_METADATA_SAMPLE,
  GEMFILE_SAMPLE,
  INDEX_JSON_SAMPLE,
  INDEX_PAGE_SAMPLE,
  LOCKFILE_SAMPLES,
  NETRC_SAMPLE,
  PIP_SAMPLE,
  SETTINGS_SAMPLES,
} from '../support/long-run-samples.ts';
import { longRuns } from '../support/long-runs.ts';

const CHARS = 100_000;
const LIMIT = 60_000;

const root = mkdtempSync(join(tmpdir(), 'tarwarden-runs-'));
const home = join(root, 'home');
const project = join(root, 'project');
for (const folder of ['home/.config/go', 'home/.bundle', 'project'])
  mkdirSync(join(root, folder), { recursive: true });
afterAll(() => rmSync(root, { recursive: true }));

const env = { HOME: home, PATH: '' };
const url = new URL('https://h.test/simple/a/');
const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';

/** True, or the error of a file that is not one of its kind. */
function read(reader: () => unknown): unknown {
  try {
    reader();
    return true;
  } catch (error) {
    return error;
  }
}

function inFile(path: string, reader: () => unknown): (text: string) => unknown {
  return (text) => {
    writeFileSync(path, text);
    const result = read(reader);
    rmSync(path);
    return result;
  };
}

function lockfile(name: string): (text: string) => unknown {
  const doctor = inFile(join(project, name), () =>
    findInLockfiles({ folder: project, watches: () => true }),
  );
  return (text) => {
    const hosts = { knowsHost: () => false };
    const path = join(project, name);
    for (const task of planOf([{ path, lockfile: readLockfile(name, text) }]).tasks)
      entryChecks(task, hosts);
    return doctor(text);
  };
}

const empty = readLockfile('package-lock.json', '{"lockfileVersion":3,"packages":{}}');

function settings(): void {
  loadSettings(project, env);
  const requests = requestsBeside(join(project, 'package-lock.json'), empty, project);
  if (requests !== undefined) requestChecks(empty, requests);
}

const gems = (): unknown => new Gems({ env, offline: true, folder: project, root: project });

const READERS: readonly (readonly [string, string, (text: string) => unknown])[] = [
  ...Object.entries(LOCKFILE_SAMPLES).map(
    ([name, sample]) => [name, sample, lockfile(name)] as const,
  ),
  ['yarn.lock of Yarn 2', BERRY_SAMPLE, lockfile('yarn.lock')],
  ...Object.entries(SETTINGS_SAMPLES).map(
    ([name, sample]) => [name, sample, inFile(join(project, name), settings)] as const,
  ),
  ['a Gemfile', GEMFILE_SAMPLE, inFile(join(project, 'Gemfile'), gems)],
  ['.bundle/config', BUNDLE_SAMPLE, inFile(join(home, '.bundle/config'), gems)],
  ['pip.conf', PIP_SAMPLE, (text) => read(() => pipValues(text))],
  ['gemrc', BUNDLE_SAMPLE, inFile(join(home, '.gemrc'), gems)],
  ['netrc', NETRC_SAMPLE, parseNetrc],
  [
    'the page of an index',
    INDEX_PAGE_SAMPLE,
    (text) => {
      const body = Buffer.from(text);
      read(() => projectPage(body, { type: 'text/html', url, project: 'a' }));
      return read(() => filesOnPage(body, { type: 'text/html', url }));
    },
  ],
  [
    'the page of an index in JSON',
    INDEX_JSON_SAMPLE,
    (text) => {
      const body = Buffer.from(text);
      read(() => projectPage(body, { type: JSON_TYPE, url, project: 'a' }));
      return read(() => filesOnPage(body, { type: JSON_TYPE, url }));
    },
  ],
  ['METADATA', CORE_METADATA_SAMPLE, (text) => read(() => readCoreMetadata(Buffer.from(text)))],
  ...(['npm', 'PyPI', 'RubyGems', 'Go', 'cpython'] as const).map(
    (ecosystem) =>
      [
        `a version of ${ecosystem}`,
        '§1§.0§-§rc1§+§',
        (text: string) => read(() => comparatorOf(ecosystem)(text, '1.0.0')),
      ] as const,
  ),
];

describe('a file with a long run of anything in it is read to its end:', () => {
  it.each(READERS)(
    '%s',
    (_, sample, reader) => {
      for (const { text } of longRuns(sample, CHARS)) expect(reader(text)).toBeDefined();
    },
    LIMIT,
  );
});

const long = (piece: string, chars = 4 * CHARS): string => piece.repeat(chars / piece.length);
const many = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join('');

describe('a file that once took minutes is read to its end:', () => {
  it.each([
    ['requirements.txt', `a==1.0${long('\\')}b\n`],
    ['Gemfile.lock', `GEM\n  remote: ${long('/')}x\n  specs:\n    a (1.0)\n`],
    ['pnpm-lock.yaml', `lockfileVersion: '9.0'\nsnapshots:\n  a@1${long('(')}: {}\n`],
    ['package-lock.json', long('\\"')],
    ['bun.lock', `{"packages":{"a":["${long('\\"')}`],
    [
      'pnpm-lock.yaml',
      `lockfileVersion: '9.0'\nimporters:\n${many(50_000, (n) => `  p${n}:\n    dependencies:\n      a:\n        specifier: ^1\n        version: 1.0.0\n`)}`,
    ],
    [
      'package-lock.json',
      `{"lockfileVersion":3,"packages":{"node_modules/a":{"bundleDependencies":true},${many(90_000, (n) => `"node_modules/a/node_modules/b${n}":{"inBundle":true},`)}"node_modules/c":{}}}`,
    ],
  ])('%s', (name, text) => expect(lockfile(name)(text)).toBe(true), LIMIT);

  it.each([
    ['pip.conf', () => pipValues(`[global]\na = x${long(' ')}x\n`)],
    [
      'an index',
      () =>
        filesOnPage(Buffer.from(`<a href="${long('#', 40 * CHARS)}"`), { type: 'text/html', url }),
    ],
    [
      'an index',
      () => filesOnPage(Buffer.from(long('<a x="', 30 * CHARS)), { type: 'text/html', url }),
    ],
    ['a version', () => comparatorOf('RubyGems')(`${long(' ')}x`, '1')],
  ])('%s', (_, reader) => expect(read(reader)).toBeDefined(), LIMIT);
});
