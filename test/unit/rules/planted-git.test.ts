import { DEFAULT_POLICY } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { MAX_GIT_LINKS } from '../../../packages/core/src/limits.ts';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry, type Part } from '../../support/tar.ts';

const RULE = 'planted-git';

describe('planted-git', () => {
  it.each([
    [
      'a .git folder',
      { name: 'package/.git/config', body: 'x' },
      { level: 'error', entry: 'package/.git/config', entryIndex: 2, offset: 2048 },
    ],
    [
      'one in another case, and deeper',
      { name: 'package/lib/.GIT/hooks/post-checkout' },
      { level: 'error' },
    ],
    ['a .git file', { name: 'package/.git', body: 'gitdir: ../x' }, { level: 'error' }],
    ['the short name of NTFS', { name: 'package/git~1/config' }, { level: 'error' }],
    [
      'one with a character that HFS+ ignores',
      { name: 'package/.g\u200cit/config' },
      { level: 'error' },
    ],
  ])('rejects %s', (_, fields, expected) => {
    expectRejected(inspected(packageWith(entry(fields))), RULE, [expected]);
  });

  it.each([
    'GI1A2B~1/config',
    '.g\u3164it/config',
    '.gi\u{e0074}t/config',
    'lib/.GI\u{e0100}T/hooks/post-checkout',
  ])('rejects the same file by another name: %s', (name) => {
    const verdict = inspected(packageWith(entry({ name: `package/${name}`, body: 'x' })));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  const bare = { HEAD: 'ref: refs/heads/main\n', 'objects/a': '', 'refs/heads/main': '' };
  const repository = (folder: string, more: Readonly<Record<string, string>>) =>
    inspected(
      tgz({
        files: Object.fromEntries(
          Object.entries({ ...bare, ...more }).map(([path, body]) => [`${folder}${path}`, body]),
        ),
      }),
    );
  const plain = '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n';

  it.each([
    ['a program', '', { config: `${plain}\tfsmonitor = "touch x; false"\n` }],
    ['a folder to work in', 'a/b/', { config: '[core]\n\tworktree = ".."\n' }],
    ['another file', 'a/', { config: '[include] path = x\n' }],
    ['a setting behind a comment', 'a/', { config: `${plain}# \\\n[core] pager = x\n` }],
    ['two in a line', 'a/', { config: '[core] bare = true\n' }],
    ['more than is read', 'a/', { config: plain + '\n'.repeat(5000) }],
    ['settings in capitals', 'a/', { Config: '[core]\n\tsshCommand = x\n' }],
    ['settings below letters', 'é/', { config: '[core]\n\tsshCommand = x\n' }],
    ['hooks', 'a.git/', { config: plain, 'hooks/post-checkout': '' }],
    ['the settings of another folder', 'a/', { commondir: '../b\n' }],
  ])('rejects a repository without .git that brings %s', (_what, folder, more) => {
    const verdict = repository(folder, more);
    expectRejected(verdict, RULE, [{ level: 'error', entry: `package/${folder}HEAD` }]);
  });

  it('rejects a repository among more files called config than are read', () => {
    const files = Object.fromEntries(
      Array.from({ length: MAX_GIT_LINKS }, (_, at) => [`${at}/config`, '']),
    );
    const last = Object.entries({ ...bare, config: plain }).map(([path, body]) =>
      entry({ name: `package/z/${path}`, body }),
    );
    expect(link(files, last).of(RULE)).toMatchObject([{ level: 'error' }]);
  });

  it.each([
    ['as git makes it', { config: plain, 'hooks/update.sample': 'x' }],
    ['of a clone', { config: `${plain}[remote "origin"]\n\turl = https://x.example/y.git\n` }],
    ['without settings', {}],
  ])('is silent about a repository %s, which tests bring', (_what, more) => {
    const verdict = repository('test/a.git/', more);
    expect(verdict.findings).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about settings of another program', () => {
    const files = { 'lib/config': 'fsmonitor = x', 'lib/HEAD': '', 'lib/refs/x': '' };
    expect(inspected(tgz({ files })).findings).toEqual([]);
    const pages = { config: 'x = 1', 'head/a': '', 'objects/a': '', 'refs/a': '' };
    expect(inspected(tgz({ files: pages })).findings).toEqual([]);
  });

  const link = (files: Readonly<Record<string, string>>, more: readonly Part[] = []) =>
    inspected(tgz({ files, entries: more }));

  it.each([
    ['of a file of the package', { 'lib/x/.git': 'gitdir: ../store', 'lib/store/HEAD': 'ref: x' }],
    ['in capitals', { 'x/.git': 'gitdir: ../STORE', 'store/HEAD': 'ref: x' }],
    ['of what lies in capitals', { 'x/.git': 'gitdir: ../store\n', 'Store/HEAD': 'ref: x' }],
    ['deeper', { 'x/.git': 'gitdir: ../a/b/c\n', 'a/b/c/config': '' }],
    ['of a file', { 'x/.git': 'gitdir: ../index.js\n' }],
    ['of itself', { 'x/.git': 'gitdir: ../x\n' }],
    ['with a slash at its end', { 'x/.git': 'gitdir: ../store/\n', 'store/HEAD': '' }],
    ['below a folder of any letters', { 'é/.git': 'gitdir: store\n', 'é/store/HEAD': '' }],
    ['beside one', { 'Σς/a/.git': 'gitdir: ../store\n', 'Σς/store/HEAD': '' }],
    ['below the folder', { 'x/.git': 'gitdir: store\n', 'x/store/HEAD': '' }],
  ])('rejects a link of git to what the archive fills: %s', (_what, files) => {
    const verdict = link(files);
    expectRejected(verdict, RULE, [
      { level: 'error', message: expect.stringContaining('leads to what the package brings') },
    ]);
  });

  it('rejects one to a folder that the archive only names', () => {
    const verdict = link({ 'x/.git': 'gitdir: ../store\n' }, [
      entry({ name: 'package/store/', typeflag: '5' }),
    ]);
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('rejects one through a link, where links are allowed', () => {
    const policy = { ...DEFAULT_POLICY, links: 'contained' as const };
    const bytes = tgz({
      files: { 'x/.git': 'gitdir: ../link/store\n' },
      entries: [entry({ name: 'package/link', typeflag: '2', linkname: 'other' })],
    });
    expect(inspected(bytes, { policy }).of(RULE)).toMatchObject([{ level: 'error' }]);
  });

  it.each([
    '../../store',
    '../../../.git',
    '../..',
    '..',
    '.',
    '/tmp/store',
    'C:/store',
    '\\\\host\\store',
    '..\\store',
    'a/../../../store',
    'a/../store',
    './store',
    '../STORE~1',
    '../store.',
    '../store ',
    '../st\u00f6re',
    '../store\0',
    '../store:x',
    '../node_modules/dep/store',
    '../Node_Modules/dep/store',
    '',
    ' ../store',
    '../store\ngitdir: ../other',
  ])('rejects a link of git that leads to %j', (target) => {
    const verdict = link({ 'x/.git': `gitdir: ${target}\n` });
    expectRejected(verdict, RULE, [{ level: 'error', entry: 'package/x/.git' }]);
  });

  it.each([
    ['no link', 'x'],
    ['empty', ''],
    ['too long', `gitdir: ../${'x'.repeat(5000)}`],
    ['spelled otherwise', 'Gitdir: ../store'],
  ])('rejects a .git file that is %s', (_what, body) => {
    expectRejected(link({ 'x/.git': body }), RULE, [{ level: 'error' }]);
  });

  it.each([
    'x/.GIT',
    'x/git~1',
    'x/.g\u200cit',
    '.git',
    './.git',
    '.git/modules/x/.git',
    'GIT~1/x/.git',
  ])('rejects a link of git at %s, though it leads to nothing', (name) => {
    expectRejected(link({ [name]: 'gitdir: ../nothing\n' }), RULE, [{ level: 'error' }]);
  });

  it('rejects more links than are read', () => {
    const files = Object.fromEntries(
      Array.from({ length: MAX_GIT_LINKS + 1 }, (_, at) => [`m${at}/.git`, 'gitdir: ../nothing\n']),
    );
    expect(link(files).of(RULE)).toMatchObject([{ entry: `package/m${MAX_GIT_LINKS}/.git` }]);
    delete files[`m${MAX_GIT_LINKS}/.git`];
    expect(link(files).findings).toEqual([]);
  });

  it.each([
    'gitdir: ../../.git/modules/lib/ast-js\n',
    'gitdir: ../../.git/modules/lib/ast-js',
    'gitdir: ../../.git/modules/lib/ast-js\r\n',
    'gitdir: ../nothing/here\n',
    'gitdir: ../../storex\n',
  ])('is silent about the link of a submodule that is not there: %j', (body) => {
    const verdict = link({ 'lib/ast-js/.git': body, 'lib/ast-js/index.js': '', 'store/x': '' });
    expect(verdict.findings).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about files that only configure git', () => {
    const verdict = inspected(
      tgz({ files: { '.gitattributes': '', '.gitignore': '', '.github/ci.yml': '' } }),
    );
    expectSilent(verdict, RULE);
  });

  it('is silent about a folder named git', () => {
    expectSilent(inspected(tgz({ files: { 'git/index.js': '' } })), RULE);
  });
});
