/* npm's own module and our reader read the same files, for npm 10, 11 and 12. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARGUMENTS, FOLDER, npmSubject } from '../../support/settings-readers/npm.ts';
import type { Answer, WrittenCase } from '../../support/settings-readers/subject.ts';
import { available, npms } from '../../support/managers.ts';

interface Row {
  readonly shows: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** The value as JSON, where `CASE` is the case's folder. Undefined if it has no value. */
  readonly says: readonly [setting: string, value: string | undefined, npm10?: string];
}

const npmrc = (text: string): Readonly<Record<string, string>> => ({ 'project/.npmrc': text });
const registry = (url: string): string => JSON.stringify(url);
const X = '"https://x.example/"';

const rows: readonly Row[] = [
  { shows: 'a plain line', files: npmrc('cache=/srv/x\n'), says: ['cache', '"/srv/x"'] },
  { shows: 'CRLF', files: npmrc('cache=/a\r\ngit=/b\r\n'), says: ['cache', '"/a"'] },
  { shows: 'a lone CR', files: npmrc('# x\rregistry=https://x.example\r'), says: ['registry', X] },
  { shows: 'a byte order mark', files: npmrc('\uFEFFcache=/a\n'), says: ['cache', '"/a"'] },
  {
    shows: 'a byte order mark, with which no section begins',
    files: npmrc('\uFEFF[section]\nregistry=https://x.example\n'),
    says: ['registry', X],
  },
  {
    shows: 'a section, in which nothing is a setting',
    files: npmrc('[section]\nregistry=https://x.example\n'),
    says: ['registry', undefined],
  },
  { shows: 'double quotes', files: npmrc('git = "a;b"\n'), says: ['git', '"a;b"'] },
  { shows: 'single quotes', files: npmrc("git = 'a b'\n"), says: ['git', '"a b"'] },
  { shows: 'an escape', files: npmrc('cache="/\\u0061"\n'), says: ['cache', '"/a"'] },
  { shows: 'a quoted name', files: npmrc('"cache"=/a\n'), says: ['cache', '"/a"'] },
  { shows: 'a comment', files: npmrc('git=a ; b\n'), says: ['git', '"a"'] },
  { shows: 'an escaped semicolon', files: npmrc('git=a\\;b\n'), says: ['git', '"a;b"'] },
  { shows: 'the last of two lines', files: npmrc('git=a\ngit=b\n'), says: ['git', '"b"'] },
  { shows: 'a list', files: npmrc('ca[]=a\nca[]=b\n'), says: ['ca', '["a","b"]'] },
  { shows: 'a name alone', files: npmrc('ignore-scripts\n'), says: ['ignore-scripts', 'true'] },
  { shows: 'another word', files: npmrc('ignore-scripts=yes\n'), says: ['ignore-scripts', 'true'] },
  { shows: 'a number', files: npmrc('ignore-scripts=0\n'), says: ['ignore-scripts', 'false'] },
  {
    shows: 'no setting in another spelling',
    files: npmrc('ignore_scripts=true\nIgnore-Scripts=true\n'),
    says: ['ignore-scripts', undefined],
  },
  {
    shows: 'the weaker file where a value does not fit',
    files: { ...npmrc('fetch-retries=many\n'), 'home/.npmrc': 'fetch-retries=3\n' },
    says: ['fetch-retries', '3'],
  },
  {
    shows: 'a variable',
    files: npmrc('cache=${X}/y\n'),
    env: { X: '/srv' },
    says: ['cache', '"/srv/y"'],
  },
  {
    shows: 'an empty variable',
    files: npmrc('git=a${X}b\n'),
    env: { X: '' },
    says: ['git', '"ab"'],
  },
  { shows: 'an unset variable', files: npmrc('git=${X}\n'), says: ['git', '"${X}"'] },
  {
    shows: 'an unset variable with a question mark',
    files: npmrc('git=a${X?}\n'),
    says: ['git', '"a"', '"a${X?}"'],
  },
  {
    shows: 'no default of a variable',
    files: npmrc('git=${X-y}${X:-z}\n'),
    env: { X: 'x' },
    says: ['git', '"${X-y}${X:-z}"'],
  },
  {
    shows: 'an escaped variable',
    files: npmrc('git=\\${X}\n'),
    env: { X: 'x' },
    says: ['git', '"${X}"'],
  },
  {
    shows: 'a variable in a name',
    files: npmrc('${X}=/a\n'),
    env: { X: 'cache' },
    says: ['cache', '"/a"'],
  },
  { shows: 'the home folder', files: npmrc('cache=~/x\n'), says: ['cache', '"CASE/home/x"'] },
  {
    shows: 'no home folder in a tilde alone',
    files: npmrc('cache=~\n'),
    says: ['cache', '"CASE/project/~"'],
  },
  {
    shows: 'a relative path, from where npm is started',
    files: { ...npmrc('cache=x\n'), 'project/package.json': '{}' },
    env: { [FOLDER]: 'project/below' },
    says: ['cache', '"CASE/project/below/x"'],
  },
  {
    shows: 'the environment above the project',
    files: npmrc('git=a\n'),
    env: { npm_config_git: 'b' },
    says: ['git', '"b"'],
  },
  {
    shows: 'a variable in capitals',
    files: npmrc('git=a\n'),
    env: { NPM_CONFIG_GIT: 'b' },
    says: ['git', '"b"'],
  },
  {
    shows: 'no setting in an empty variable',
    files: npmrc('git=a\n'),
    env: { npm_config_git: '' },
    says: ['git', '"a"'],
  },
  {
    shows: 'a place in a variable, in its own case',
    env: { 'npm_config_//registry.example/:_authToken': 'x' },
    says: ['//registry.example/:_authToken', '"x"'],
  },
  {
    shows: 'a variable within a variable',
    env: { npm_config_cache: '${X}/y', X: '/srv' },
    says: ['cache', '"/srv/y"'],
  },
  {
    shows: 'the order of the files',
    files: {
      'npm/npmrc': 'git=1\nkey=1\ncert=1\nnoproxy=1\n',
      'etc/npmrc': 'git=2\nkey=2\ncert=2\n',
      'home/.npmrc': 'git=3\nkey=3\n',
      'project/.npmrc': 'git=4\n',
    },
    says: ['files', '["CASE/project/.npmrc","CASE/home/.npmrc","CASE/etc/npmrc","CASE/npm/npmrc"]'],
  },
  {
    shows: "another user's file, which a project names",
    files: {
      ...npmrc('userconfig=./own\n'),
      'project/own': 'git=a\n',
      'home/.npmrc': 'git=b\n',
    },
    says: ['git', '"a"'],
  },
  {
    shows: 'the global file that a project names, above that of the environment',
    files: {
      ...npmrc('globalconfig=./own\n'),
      'project/own': 'git=a\n',
      'other/npmrc': 'git=b\n',
    },
    env: { npm_config_globalconfig: 'CASE/other/npmrc' },
    says: ['git', '"a"'],
  },
  {
    shows: 'the prefix of the environment',
    files: { 'other/etc/npmrc': 'git=a\n' },
    env: { npm_config_prefix: 'CASE/other' },
    says: ['git', '"a"'],
  },
  {
    shows: 'PREFIX',
    files: { 'other/etc/npmrc': 'git=a\n' },
    env: { PREFIX: 'CASE/other' },
    says: ['git', '"a"'],
  },
  {
    shows: 'an empty PREFIX, which names nothing',
    files: { 'etc/npmrc': 'git=a\n' },
    env: { PREFIX: '' },
    says: ['git', '"a"'],
  },
  {
    shows: 'the workspace, and not the package in it',
    files: {
      'package.json': '{"workspaces":["project"]}',
      '.npmrc': 'git=a\n',
      'project/package.json': '{}',
      ...npmrc('git=b\n'),
    },
    says: ['git', '"a"'],
  },
  {
    shows: 'the package, where --no-workspaces is given',
    files: {
      'package.json': '{"workspaces":["project"]}',
      '.npmrc': 'git=a\n',
      'project/package.json': '{}',
      ...npmrc('git=b\n'),
    },
    env: { [ARGUMENTS]: 'install --no-workspaces' },
    says: ['git', '"b"'],
  },
  {
    shows: 'no file of a project in a global install',
    files: npmrc('git=a\n'),
    env: { [ARGUMENTS]: 'install -g x' },
    says: ['git', undefined],
  },
  {
    shows: 'no file of a project where the location is global',
    files: npmrc('git=a\n'),
    env: { npm_config_location: 'global' },
    says: ['git', undefined],
  },
  {
    shows: 'the folder that --prefix names',
    files: { ...npmrc('git=a\n'), 'other/.npmrc': 'git=b\n' },
    env: { [ARGUMENTS]: '--prefix CASE/other install' },
    says: ['git', '"b"'],
  },
  {
    shows: 'an option above all',
    files: npmrc('registry=https://y.example\n'),
    env: {
      npm_config_registry: 'https://z.example',
      [ARGUMENTS]: 'install --registry=https://x.example',
    },
    says: ['registry', registry('https://x.example/')],
  },
  {
    shows: 'no scripts by an option',
    files: npmrc('ignore-scripts=false\n'),
    env: { [ARGUMENTS]: 'install --ignore-scripts x' },
    says: ['ignore-scripts', 'true'],
  },
  {
    shows: 'the file of the home folder only once',
    files: { 'home/.npmrc': 'git=a\n', 'home/package.json': '{}' },
    env: { [FOLDER]: 'home' },
    says: ['files', '["CASE/home/.npmrc"]'],
  },
];

for (const client of npms) {
  const subject = npmSubject(client);
  describe.skipIf(!available(client).ok)(`the reader of ${client}`, () => {
    let root: string;
    let written: WrittenCase[];
    let answers: readonly Answer[];

    beforeAll(async () => {
      root = mkdtempSync(join(tmpdir(), 'tarwarden-npm-settings-'));
      written = rows.map(({ files = {}, env = {} }, index) => {
        const folder = join(root, String(index));
        for (const name of ['home', 'project']) mkdirSync(join(folder, name), { recursive: true });
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(dirname(join(folder, path)), { recursive: true });
          writeFileSync(join(folder, path), text);
        }
        return { files, env, folder };
      });
      answers = await subject.ask(written);
    });
    afterAll(() => {
      rmSync(root, { recursive: true, force: true });
    });

    it.each([...rows.entries()].map(([index, row]) => [row.shows, row, index] as const))(
      'reads %s',
      (_, { says: [setting, value, npm10 = value] }, index) => {
        const { folder } = written[index]!;
        const expected = (client === 'npm-10' ? npm10 : value)?.replaceAll('CASE', folder);
        const answer = answers[index];
        expect((answer as Record<string, string>)[setting]).toBe(expected);
        expect(subject.read(written[index]!)).toEqual(answer);
      },
    );
  });
}
