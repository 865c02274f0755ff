import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { isMainThread } from 'node:worker_threads';
import { join } from 'node:path';
import { x } from 'tar';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, inspect, type Policy, type RuleId } from '@tarwarden/core';
import { unpack, UnpackError, type UnpackOptions } from '@tarwarden/guard';
import { attacks, cleanOddities } from '../../../support/attacks.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { gzip } from '../../../support/gzip.ts';
import { pkg, tgz } from '../../../support/pkg.ts';
import { entry, type EntryOptions } from '../../../support/tar.ts';
import { tree } from '../../../support/tree.ts';

let folder: string;
let destination: string;
freshFolder((made) => {
  folder = made;
  destination = join(folder, 'out');
});

const mode = (path: string): string =>
  (lstatSync(join(destination, path)).mode & 0o7777).toString(8);

/** Runs with a umask, which node:fs has for the whole process. */
function under<Result>(umask: number, act: () => Result): Result {
  // A thread has that of its process, and cannot set it: Stryker runs tests so.
  if (!isMainThread) return act();
  const before = process.umask(umask);
  try {
    return act();
  } finally {
    process.umask(before);
  }
}

function failure(act: () => unknown): UnpackError {
  try {
    act();
  } catch (error) {
    if (error instanceof UnpackError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** Lets everything pass that the rules reject, as a user's own policy may. */
const lenient = (...off: RuleId[]): Policy => ({
  ...DEFAULT_POLICY,
  levels: Object.fromEntries(off.map((rule) => [rule, 'off'])),
});

/** An exception for a rule that no level lowers. */
const excepting = (bytes: Buffer, ...exempt: RuleId[]): Policy => ({
  ...DEFAULT_POLICY,
  exceptions: exempt.map((rule) => ({
    package: 'fixture@1.0.0',
    rule,
    sha512: inspect(bytes).archive.sha512,
    reason: 'a test',
    expires: '9999-12-31',
  })),
});

const withEntries = (...entries: EntryOptions[]): Buffer =>
  tgz({ entries: entries.map((one) => entry({ body: 'x', ...one })) });
const index = { name: 'package/index.js', body: 'module.exports = 1\n' };
const withTrailer = Buffer.concat([tgz(), Buffer.from('trailer')]);
const twoMembers = gzip(pkg(), { members: [pkg()] });

const onlyByPolicy: [title: string, bytes: Buffer, policy: Policy][] = [
  [
    'a link that stays inside',
    withEntries({ name: 'package/link.js', typeflag: '2', linkname: 'index.js', body: '' }),
    { ...DEFAULT_POLICY, links: 'contained' },
  ],
  [
    'a hard link',
    withEntries({ name: 'package/l.js', typeflag: '1', linkname: 'package/index.js', body: '' }),
    lenient('hardlink'),
  ],
  [
    'a path that climbs',
    withEntries({ name: 'package/../../evil.js' }),
    lenient('escaping-path', 'outside-package-folder'),
  ],
  [
    'an absolute path',
    withEntries({ name: '/evil/evil.js' }),
    lenient('escaping-path', 'outside-package-folder'),
  ],
  [
    'a backslash',
    withEntries({ name: 'package/..\\evil.js' }),
    lenient('windows-path', 'escaping-path'),
  ],
  [
    'two files of one path and size',
    withEntries({ ...index, body: 'module.exports = 2\n' }),
    lenient('duplicate-path'),
  ],
  [
    'two files of one path, one of them executable',
    withEntries({ ...index, mode: 0o755 }),
    lenient('duplicate-path'),
  ],
  [
    'a file that is a folder as well',
    withEntries({ name: 'package/index.js/a.js' }),
    lenient('file-directory-conflict'),
  ],
  [
    'a folder that is a file as well',
    withEntries({ name: 'package/a/b.js' }, { name: 'package/a' }),
    lenient('file-directory-conflict'),
  ],
  [
    'a file outside of the first folder',
    withEntries({ name: 'evil.js' }),
    lenient('outside-package-folder'),
  ],
  ['a second gzip member', twoMembers, excepting(twoMembers, 'gzip-trailing')],
  ['bytes behind the gzip member', withTrailer, lenient('gzip-trailing')],
  ['a tar that is not compressed', pkg(), excepting(pkg(), 'uncompressed-archive')],
];

describe('unpack', () => {
  const run = (bytes: Buffer, options: UnpackOptions = {}): ReturnType<typeof unpack> =>
    unpack(bytes, destination, options);

  it.each(cleanOddities.map((one) => [one.id, one] as const))(
    'gives what node-tar gives, without the first folder: %s',
    (_id, oddity) => {
      const bytes = oddity.build();
      const result = under(0o022, () => run(bytes));
      expect(result.status).toBe('unpacked');
      const other = join(folder, 'node-tar');
      mkdirSync(other);
      const file = join(folder, 'package.tgz');
      // Modes differ by design (0666 stays 0644 here), but for the bit that counts.
      under(0o022, () => x({ file: save(file, bytes), cwd: other, strip: 1, sync: true }));
      expect(comparable(destination)).toEqual(comparable(other));
      rmSync(file);
      rmSync(other, { recursive: true });
      expect(tree(folder).filter((line) => !line.includes(' out'))).toEqual([]);
    },
  );

  it.each(attacks.filter(({ level }) => level === 'error').map((one) => [one.id, one] as const))(
    'refuses and writes nothing: %s',
    (_id, attack) => {
      const expected = { name: 'fixture', version: '1.0.0' };
      expect(run(attack.build(), { expected }).status).toBe('refused');
      expect(tree(folder)).toEqual([]);
    },
  );

  it.skipIf(!isMainThread).each([
    [0o022, '644', '755'],
    [0o077, '600', '700'],
    [0o000, '644', '755'],
  ])('gives rights of at most 0644 and 0755, less the umask %o', (umask, file, executable) => {
    const bytes = tgz({
      entries: [
        entry({ name: 'package/wide.js', body: 'x', mode: 0o666 }),
        entry({ name: 'package/run.js', body: 'x', mode: 0o777 }),
        entry({ name: 'package/read-only.js', body: 'x', mode: 0o444 }),
        entry({ name: 'package/unreadable.js', body: 'x', mode: 0o000 }),
        entry({ name: 'package/closed/', typeflag: '5', mode: 0o500 }),
        entry({ name: 'package/closed/in.js', body: 'x' }),
      ],
    });
    under(umask, () => run(bytes));
    for (const name of ['wide.js', 'read-only.js', 'unreadable.js'])
      expect([name, mode(name)]).toEqual([name, file]);
    for (const name of ['run.js', 'closed', '.'])
      expect([name, mode(name)]).toEqual([name, executable]);
  });

  it('counts what it wrote, and keeps the first of equal files', () => {
    const body = 'module.exports = 1\n';
    const bytes = tgz({ entries: [entry({ name: 'package/./index.js', body })] });
    const result = run(bytes);
    const manifest = readFileSync(join(destination, 'package.json'));
    expect(result).toMatchObject({ files: 2, folders: 0, bytes: manifest.length + body.length });
    expect(readFileSync(join(destination, 'index.js'), 'utf8')).toBe(body);
  });

  it('writes what is too long to be kept while it is inspected', () => {
    // Some of it does not compress, so that it is not one of those that unpack to too much.
    const body = Buffer.concat([randomBytes(512 * 1024), Buffer.alloc(33 * 1024 * 1024)]);
    expect(run(tgz({ files: { big: body } }))).toMatchObject({ status: 'unpacked', files: 3 });
    expect(readFileSync(join(destination, 'big')).equals(body)).toBe(true);
  });

  it('leaves what killed runs have left where another has looked for it', () => {
    const left = join(folder, `.tarwarden-unpack-${'0'.repeat(32)}`);
    mkdirSync(left);
    utimesSync(left, 1, 1);
    expect(run(tgz(), { leavesLeftovers: true }).status).toBe('unpacked');
    expect(existsSync(left)).toBe(true);
    rmSync(destination, { recursive: true });
    expect(run(tgz()).status).toBe('unpacked');
    expect(existsSync(left)).toBe(false);
  });

  it('takes the place of an empty folder', () => {
    mkdirSync(destination);
    chmodSync(destination, 0o700);
    expect(under(0o022, () => run(tgz())).status).toBe('unpacked');
    expect(mode('.')).toBe('755');
    expect(tree(destination)).toHaveLength(2);
  });

  it.each(onlyByPolicy)('refuses, though a policy lets it pass: %s', (_title, bytes, policy) => {
    expect(inspect(bytes, { policy }).status).toBe('accept');
    expect(failure(() => run(bytes, { policy })).code).toBe('NOT_PLAIN');
    expect(tree(folder)).toEqual([]);
  });
});

function save(file: string, bytes: Buffer): string {
  writeFileSync(file, bytes);
  return file;
}

/** Paths, bytes and the executable bit; folders as well. */
function comparable(dir: string): string[] {
  return tree(dir).map((line) =>
    line.replace(/ (\d+)$/, (_, bits: string) =>
      (Number.parseInt(bits, 8) & 0o100) === 0 ? '' : ' executable',
    ),
  );
}
