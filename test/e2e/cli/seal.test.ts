/** The built command `tarwarden seal`: its words, exit codes, keys and JSON. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import { makePlace } from './sandbox.ts';

const KEY = { TARWARDEN_SEAL_KEY: 'a secret with more than thirty-two characters' };
const place = freshEach(() => makePlace());
const seal = async (args: string, env: NodeJS.ProcessEnv = KEY) => {
  const { code, stdout, stderr } = await place.run(['seal', ...args.split(' ')], { env });
  return { code, stdout, stderr };
};
const at = (path: string): string => join(place.root, path);

beforeEach(() => {
  place.put('cache/index.js', 'clean\n');
  place.put('cache/sub/tool', 'tool\n');
  place.put('other/file', '');
});

it('seals folders, each with a seal of its own, and finds them whole', async () => {
  expect(await seal('write --for use cache other')).toEqual({
    code: 0,
    stdout: 'sealed cache: 3 entries\nsealed other: 1 entry\n',
    stderr: '',
  });
  expect(await seal('check --for use cache other')).toEqual({
    code: 0,
    stdout: 'cache is whole: 3 entries\nother is whole: 1 entry\n',
    stderr: '',
  });
});

it('seals more files than one batch has, in threads', async () => {
  for (let each = 0; each < 700; each += 1) place.put(`cache/more/${each}`, `${each}`);
  expect(await seal('write cache')).toMatchObject({
    code: 0,
    stdout: 'sealed cache: 704 entries\n',
  });
  expect(await seal('check cache')).toMatchObject({ code: 0 });
  writeFileSync(at('cache/more/650'), '651');
  expect(await seal('check cache')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('changed more/650 (content)') as string,
  });
});

describe('a folder that is not whole', () => {
  beforeEach(async () => {
    await seal('write --for use cache other');
    writeFileSync(at('cache/index.js'), 'evil!\n');
    writeFileSync(at('cache/a\u001b[31m'), '');
    rmSync(at('cache/sub/tool'));
  });

  it('ends with 1, and says which entries', async () => {
    expect(await seal('check --for use cache other')).toEqual({
      code: 1,
      stdout: [
        'cache is not whole: 3 entries differ from its seal',
        '  added a\\x1b[31m (file)',
        '  changed index.js (content)',
        '  missing sub/tool',
        'Do not use this folder: remove it, or run the check with --remove',
        'other is whole: 1 entry',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('is removed with --remove, which says so in one line and ends with 0', async () => {
    expect(await seal('check --for use --remove cache other')).toEqual({
      code: 0,
      stdout: 'other is whole: 1 entry\n',
      stderr:
        'tarwarden: removed cache, because 3 entries differ from its seal, first: added a\\x1b[31m (file)\n',
    });
    expect([existsSync(at('cache')), existsSync(at('other'))]).toEqual([false, true]);
    expect(await seal('check --for use cache')).toMatchObject({
      code: 0,
      stdout: 'cache does not exist, so there is nothing to check\n',
    });
  });

  it('is listed in JSON, with the bytes of names that are no UTF-8', async () => {
    writeFileSync(Buffer.from(`${at('cache/b')}\xff`, 'latin1'), '');
    const { code, stdout } = await seal('check --for use --json cache other');
    expect([code, JSON.parse(stdout)]).toEqual([
      1,
      {
        folders: [
          {
            folder: 'cache',
            status: 'not-whole',
            differenceCount: 4,
            differences: [
              { is: 'added', path: 'a\u001b[31m', what: 'file' },
              { is: 'added', path: 'b\ufffd', pathHex: '62ff', what: 'file' },
              { is: 'changed', path: 'index.js', what: 'content' },
              { is: 'missing', path: 'sub/tool' },
            ],
          },
          { folder: 'other', status: 'whole', entries: 1, bytes: 0 },
        ],
      },
    ]);
  });
});

it.each<[string, string, NodeJS.ProcessEnv, string]>([
  ['for another use', '--for b', KEY, 'it has a seal that is for another use: "a"'],
  ['without its use', '', KEY, 'it has a seal that is for another use: "a"'],
  [
    'with another key',
    '--for a',
    { TARWARDEN_SEAL_KEY: 'another secret of more than thirty-two characters' },
    'was written with another key',
  ],
  [
    'with the key of this machine, as in a pull request of a fork',
    '--for a',
    { TARWARDEN_SEAL_KEY: '' },
    'was written with another key',
  ],
])('a seal does not count %s', async (_, use, env, reason) => {
  expect(await seal('write --for a cache')).toMatchObject({ code: 0 });
  const { code, stdout } = await seal(`check ${use} cache`.replace('  ', ' '), env);
  expect([code, stdout]).toEqual([1, expect.stringContaining(reason)]);
});

it('a machine without a secret has a key of its own', async () => {
  expect(await seal('write cache', {})).toMatchObject({ code: 0 });
  expect(await seal('check cache', {})).toMatchObject({ code: 0 });
  expect(await seal('check cache', { XDG_STATE_HOME: join(place.own, 'state') })).toMatchObject({
    code: 1,
  });
});

it('a seal may be elsewhere', async () => {
  expect(await seal('write --file seal cache')).toMatchObject({ code: 0 });
  expect(existsSync(at('cache/.tarwarden-seal'))).toBe(false);
  expect(await seal('check --file seal cache')).toMatchObject({ code: 0 });
  expect(readFileSync(at('seal')).subarray(0, 16).toString()).toBe('tarwarden seal 1');
});

it.each<[string, string, NodeJS.ProcessEnv, string]>([
  ['a key that is too short', 'check --remove cache', { TARWARDEN_SEAL_KEY: 'short' }, 'openssl'],
  ['a seal in the folder', 'write --file cache/seal cache', KEY, 'leave out --file'],
  [
    'a seal in the folder, also with --remove',
    'check --remove --file cache/seal cache',
    KEY,
    'leave',
  ],
  ['one file for two folders', 'write --file seal cache other', KEY, '--file takes one folder'],
  ['--remove to write', 'write --remove cache', KEY, '--remove is for check'],
  ['to remove the current folder', 'check --remove .', KEY, 'the current folder or your home'],
  ['to remove the root', 'check --remove /', KEY, 'the current folder or your home'],
  ['a folder to write that does not exist', 'write nowhere', KEY, 'nowhere does not exist'],
  ['a use that is too long', `check --for ${'x'.repeat(1025)} cache`, KEY, 'at most 1024 bytes'],
  ['another action', 'verify cache', KEY, 'write, check'],
  ['no folder', 'check', KEY, 'folder'],
])('ends with 2, and changes nothing: %s', async (_, args, env, message) => {
  const { code, stderr } = await seal(args, env);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  expect(existsSync(at('cache/index.js'))).toBe(true);
  expect(existsSync(at('cache/.tarwarden-seal'))).toBe(false);
});

describe('what cannot be checked', () => {
  it.skipIf(process.getuid?.() === 0)('ends with 2, and is removed with --remove', async () => {
    expect(await seal('write cache')).toMatchObject({ code: 0 });
    chmodSync(at('cache/sub'), 0);
    expect(await seal('check cache')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/sub cannot be read: EACCES/) as string,
    });
    expect(await seal('check --remove cache')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^tarwarden: removed cache: .*EACCES\n$/) as string,
    });
    expect(existsSync(at('cache'))).toBe(false);
  });

  it('is no reason to end with 0 if another folder is not whole', async () => {
    expect(await seal('write cache')).toMatchObject({ code: 0 });
    mkdirSync(at(`deep/${'d/'.repeat(257)}`), { recursive: true });
    await place.run(['seal', 'write', 'deep'], { env: KEY });
    expect(await seal('check deep cache')).toMatchObject({ code: 1 });
  });
});

it('a link in place of the folder is removed, and its target stays', async () => {
  symlinkSync(at('cache'), at('link'));
  expect(await seal('check link')).toMatchObject({ code: 1 });
  expect(await seal('check --remove link')).toMatchObject({
    code: 0,
    stderr: 'tarwarden: removed link, because it is a link\n',
  });
  expect([existsSync(at('link')), existsSync(at('cache/index.js'))]).toEqual([false, true]);
});
