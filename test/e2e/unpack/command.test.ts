/** `tarwarden unpack` as it is built: what it says, what it leaves, and what becomes of it when it is killed. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attacks } from '../../support/attacks.ts';
import { execute, type Result } from '../../support/execute.ts';
import { gzipWithZeros } from '../../support/gzip.ts';
import { pkg, tgz } from '../../support/pkg.ts';
import { archive, entry, header } from '../../support/tar.ts';
import { tree } from '../../support/tree.ts';

const program = fileURLToPath(new URL('../../../packages/cli/bin/tarwarden.js', import.meta.url));
const faulty = fileURLToPath(new URL('./faulty-fs.mjs', import.meta.url));
const MEBIBYTE = 1024 * 1024;
const STAGING = /^\.tarwarden-unpack-[0-9a-f]{32}$/;

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-unpack-e2e-')));
  mkdirSync(join(folder, 'work'));
  writeFileSync(join(folder, 'good.tgz'), tgz());
  writeFileSync(join(folder, 'many.tgz'), many);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const many = tgz({
  entries: Array.from({ length: 20 }, (_, file) =>
    entry({ name: `package/${file % 4}/${file}.js`, body: `${file}\n`.repeat(50) }),
  ),
});

const environment = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: folder,
  ...more,
});

/** Runs in `work`, so that archives are `../good.tgz`. */
function run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Result> {
  const node = env === undefined ? [] : ['--import', faulty];
  return execute(process.execPath, [...node, program, 'unpack', ...args], {
    cwd: join(folder, 'work'),
    env: environment(env),
  });
}

const work = (): string[] => tree(join(folder, 'work'));

describe('tarwarden unpack', () => {
  it('unpacks, and says what', async () => {
    const { code, stdout, stderr } = await run(['../good.tgz', 'out']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^unpacked \.\.\/good\.tgz into out: 2 files, 0 folders, \d+ bytes\n$/);
    expect(work().map((line) => line.split(' ')[1])).toEqual([
      'out',
      'out/index.js',
      'out/package.json',
    ]);
  });

  it('tells it in JSON', async () => {
    const { code, stdout } = await run(['--reporter', 'json', '../good.tgz', 'out']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      path: '../good.tgz',
      destination: 'out',
      format: 'npm',
      status: 'unpacked',
      findings: [],
      files: 2,
      folders: 0,
    });
  });

  it('refuses what is rejected with the block of every guard, and writes nothing', async () => {
    const attack = attacks.find(({ rule }) => rule.includes('symlink'));
    writeFileSync(join(folder, 'bad.tgz'), attack?.build() ?? '');
    const { code, stdout, stderr } = await run(['../bad.tgz', 'out']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('tarwarden: refused ../bad.tgz: this archive is not safe to unpack');
    expect(stderr).toContain('symlink');
    const json = await run(['--reporter=json', '../bad.tgz', 'out']);
    expect(json.code).toBe(1);
    const document = JSON.parse(json.stdout) as { status: string; findings: { rule: string }[] };
    expect(document.status).toBe('refused');
    expect(document.findings.map(({ rule }) => rule)).toContain('symlink');
    expect(work()).toEqual([]);
  });

  it('refuses another package than the one asked for', async () => {
    const { code, stderr } = await run(['--package', 'fixture@2.0.0', '../good.tgz', 'out']);
    expect(code).toBe(1);
    expect(stderr).toContain('manifest-mismatch');
    expect((await run(['--package=fixture@1.0.0', '../good.tgz', 'out'])).code).toBe(0);
  });

  it('refuses what only a policy lets pass and what is no plain file', async () => {
    const link = entry({ name: 'package/l.js', typeflag: '2', linkname: 'index.js' });
    writeFileSync(join(folder, 'linked.tgz'), tgz({ entries: [link] }));
    mkdirSync(join(folder, '.config/tarwarden'), { recursive: true });
    const policy = JSON.stringify({ links: 'contained' });
    writeFileSync(join(folder, '.config/tarwarden/policy.json'), policy);
    const { code, stderr } = await run(['../linked.tgz', 'out']);
    expect(code).toBe(1);
    expect(stderr).toContain('a policy lets this archive pass');
    const json = await run(['--reporter=json', '../linked.tgz', 'out']);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      status: 'refused',
      error: { code: 'NOT_PLAIN' },
    });
    expect(work()).toEqual([]);
  });

  it.each([
    [['../missing.tgz', 'out'], 'NOT_FOUND', /there is no such file/],
    [['..', 'out'], 'NOT_A_FILE', /not a regular file/],
    [['../good.tgz', '../many.tgz'], 'DESTINATION_EXISTS', /"many.tgz" exists/],
    [['../good.tgz', 'no/out'], 'PARENT_MISSING', /there is no folder "no"/],
    [['../good.tgz', '.'], 'DESTINATION_INVALID', /not the name of a new folder/],
  ] as const)('%j: exit 2 and one line', async (args, code, message) => {
    const text = await run(args);
    expect(text.code).toBe(2);
    expect(text.stderr).toMatch(message);
    expect(text.stderr.trim().split('\n')).toHaveLength(1);
    const json = await run(['--reporter=json', ...args]);
    expect(json.code).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({ status: 'error', error: { code } });
    expect(work()).toEqual([]);
  });

  it.each([
    [[], /missing required argument 'archive'/],
    [['a.tgz'], /missing required argument 'dir'/],
    [['a', 'b', 'c'], /too many arguments. Expected 2 arguments but got 3/],
    [['--reporter=xml', 'a', 'b'], /Allowed choices are text, json/],
    [['--package=a', 'a', 'b'], /--package takes NAME@VERSION/],
    [['--packgae=a', 'a', 'b'], /unknown option .--packgae=a. \(did you mean --package\?\)/],
  ] as const)('%j is wrong usage', async (args, message) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('tarwarden unpack --help');
  });

  it('has help', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('tarwarden unpack [options] <archive> <dir>');
  });

  it('escapes names from outside', async () => {
    const { stdout } = await run(['../good.tgz', 'o\u001b[31mut']);
    expect(stdout).toContain(String.raw`o\x1b[31mut`);
    expect(stdout).not.toContain('\u001b');
  });
});

describe('in the middle of writing', () => {
  // Folders first: `mkdirSync` 1 and 2 are the temporary ones. 22 files are written.
  const MOMENTS = ['mkdirSync:2', 'mkdirSync:4', 'writeSync:1', 'writeSync:12', 'renameSync:1'];

  it.each(MOMENTS)(
    'killed at %s: nothing at the destination, and a private leftover',
    async (at) => {
      const killed = await run(['../many.tgz', 'out'], { FAULT: `${at}:SIGKILL` });
      expect(killed.signal).toBe('SIGKILL');
      const left = readdirSync(join(folder, 'work'));
      expect(left).toEqual([expect.stringMatching(STAGING)]);
      const leftover = join(folder, 'work', left[0] ?? '');
      expect((lstatSync(leftover).mode & 0o777).toString(8)).toBe('700');

      // It is in nobody's way, and an hour later the next run removes it.
      expect((await run(['../many.tgz', 'out'])).code).toBe(0);
      expect(existsSync(leftover)).toBe(true);
      const past = new Date(Date.now() - 2 * 60 * 60 * 1000);
      utimesSync(leftover, past, past);
      expect((await run(['../many.tgz', 'out-2'])).code).toBe(0);
      expect(readdirSync(join(folder, 'work')).toSorted()).toEqual(['out', 'out-2']);
      expect(tree(join(folder, 'work/out'))).toEqual(tree(join(folder, 'work/out-2')));
    },
  );

  it('killed after the rename: the package is whole', async () => {
    const killed = await run(['../many.tgz', 'out'], { FAULT: 'rmSync:1:SIGKILL' });
    expect(killed.signal).toBe('SIGKILL');
    expect((await run(['../many.tgz', 'whole'])).code).toBe(0);
    expect(tree(join(folder, 'work/out'))).toEqual(tree(join(folder, 'work/whole')));
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s waits until it is done', async (signal) => {
    const { code } = await run(['../many.tgz', 'out'], { FAULT: `writeSync:5:${signal}` });
    expect(code).toBe(0);
    expect(readdirSync(join(folder, 'work'))).toEqual(['out']);
    expect(readdirSync(join(folder, 'work/out'))).toHaveLength(6);
  });

  it.each(['ENOSPC', 'EIO', 'EACCES'])('%s leaves nothing', async (error) => {
    const { code, stderr } = await run(['../many.tgz', 'out'], { FAULT: `writeSync:9:${error}` });
    expect(code).toBe(2);
    expect(stderr).toContain(`(${error})`);
    expect(work()).toEqual([]);
  });
});

/** Bytes of the zero blocks that end an archive. */
const END = 1024;

/** One file of that many MiB, which barely compresses as the ratio limit asks. */
function bigPackage(mebibytes: number): Buffer {
  const size = mebibytes * MEBIBYTE - END;
  const file = header({ name: 'package/big.bin', size });
  const head = archive(pkg({ tail: [] }), file);
  // The zeros go on past the file's end, and are the end of the archive.
  return gzipWithZeros(head, mebibytes, 12 * 1024);
}

describe('a large package', () => {
  it('does not go through memory', async () => {
    writeFileSync(join(folder, 'big.tgz'), bigPackage(384));
    const report = join(folder, 'rss');
    const { code, stderr } = await run(['../big.tgz', 'out'], { REPORT_RSS: report });
    expect([code, stderr]).toEqual([0, '']);
    expect(lstatSync(join(folder, 'work/out/big.bin')).size).toBe(384 * MEBIBYTE - END);
    expect(Number(readFileSync(report, 'utf8'))).toBeLessThan(192 * MEBIBYTE);
  });

  it('past the limit of a file (EFBIG) leaves nothing', async () => {
    writeFileSync(join(folder, 'big.tgz'), bigPackage(8));
    const { code, stderr } = await execute(
      'sh',
      [
        '-c',
        'ulimit -f 4096; exec "$@"',
        'sh',
        process.execPath,
        program,
        'unpack',
        '../big.tgz',
        'out',
      ],
      { cwd: join(folder, 'work'), env: environment() },
    );
    expect(code).toBe(2);
    expect(stderr).toContain('EFBIG');
    expect(work()).toEqual([]);
  });

  const namespaces = ['unshare', '--user', '--map-root-user', '--mount'] as const;
  const canMount =
    spawnSync(namespaces[0], [...namespaces.slice(1), 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'])
      .status === 0;

  it.skipIf(!canMount)('on a disk that is really full leaves nothing', async () => {
    writeFileSync(join(folder, 'big.tgz'), bigPackage(8));
    const script = [
      'mount -t tmpfs -o size=4m tmpfs . && cd . && cd "$PWD"',
      '"$@"; echo "exit $?"; ls -A',
    ].join('\n');
    const { stdout, stderr } = await execute(
      namespaces[0],
      [
        ...namespaces.slice(1),
        'sh',
        '-c',
        script,
        'sh',
        process.execPath,
        program,
        'unpack',
        '../big.tgz',
        'out',
      ],
      { cwd: join(folder, 'work'), env: environment() },
    );
    expect(stderr).toContain('the disk or the quota is full (ENOSPC)');
    expect(stdout).toBe('exit 2\n');
  });
});
