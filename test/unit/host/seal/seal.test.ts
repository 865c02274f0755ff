/* A folder on the disk, its seal, and what is done to both between writing and checking. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  checkSeal,
  removeFolder,
  SEAL_NAME,
  writeSeal,
  type CheckedSeal,
  type SealOptions,
} from '../../../../packages/host/src/seal/index.ts';
import { threadProgram } from '../../../support/thread-program.ts';

const isRoot = process.getuid?.() === 0;
let root: string;
let folder: string;
const at = (...path: string[]): string => join(folder, ...path);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tarwarden-seal-'));
  folder = join(root, 'one', 'cache');
  for (const path of ['sub/deep', 'empty']) mkdirSync(at(path), { recursive: true });
  writeFileSync(at('index.js'), 'clean\n');
  writeFileSync(at('sub/tool'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(at('sub/deep/zero'), '');
  writeFileSync(at('sub-file'), 'x'.repeat(300_000));
  symlinkSync('sub/tool', at('link'));
  symlinkSync(join(folder, 'index.js'), at('absolute'));
  symlinkSync('nowhere', at('dangling'));
  return () => removeFolder(root);
});

function options(more: Partial<SealOptions> = {}): SealOptions {
  return {
    folder,
    use: 'test',
    key: Buffer.alloc(32, 1),
    startThread: () => {
      throw new Error('no thread is needed for so few files');
    },
    onProgress: () => undefined,
    ...more,
  };
}

const write = (more?: Partial<SealOptions>) => writeSeal(options(more));
const check = (more?: Partial<SealOptions>) => checkSeal(options(more));

/** The differences as text, or the status with its reason. */
function outcome(checked: CheckedSeal): string {
  if (checked.status !== 'not-whole') return checked.status;
  const list = checked.differences.map(({ is, path, what }) =>
    [is, path.toString('latin1'), ...(what === undefined ? [] : [`(${what})`])].join(' '),
  );
  expect(checked.differenceCount).toBe(list.length);
  return checked.reason ?? list.join(', ');
}

it('holds for the folder as it was sealed, and counts what it lists', async () => {
  const totals = { entries: 10, bytes: 300_016 };
  expect(await write()).toEqual(totals);
  expect(await check()).toEqual({ status: 'whole', ...totals });
  const first = readFileSync(at(SEAL_NAME));
  await write();
  expect(readFileSync(at(SEAL_NAME))).toEqual(first);
  expect(readdirSync(folder).filter((name) => name.includes('tarwarden'))).toEqual([SEAL_NAME]);
});

describe('holds', () => {
  it.each<[string, () => void]>([
    ['with other times', () => utimesSync(at('index.js'), 1, 1)],
    [
      'for the same bytes in a new file',
      () => {
        rmSync(at('index.js'));
        writeFileSync(at('index.js'), 'clean\n');
      },
    ],
    [
      'for a file with a second name outside',
      () => linkSync(at('index.js'), join(root, 'second name')),
    ],
    ['whatever a link leads to', () => writeFileSync(join(root, 'one/nowhere'), '')],
    [
      'after a restore that applied a umask',
      () => {
        chmodSync(at('sub/tool'), 0o700);
        chmodSync(at('empty'), 0o750);
      },
    ],
  ])('%s', async (_, change) => {
    await write();
    change();
    expect(outcome(await check())).toBe('whole');
  });

  it('after a restore to another path', async () => {
    await write();
    const elsewhere = join(root, 'two/deeper/cache');
    cpSync(folder, elsewhere, { recursive: true, verbatimSymlinks: true });
    rmSync(folder, { recursive: true });
    expect(outcome(await check({ folder: elsewhere }))).toBe('whole');
    expect(outcome(await check({ folder: `${elsewhere}/` }))).toBe('whole');
  });

  it('after tar restored it as an ordinary user, without bits that the umask and tar take away', async () => {
    for (const [path, mode] of [
      ['index.js', 0o666],
      ['sub-file', 0o2777],
      ['sub/tool', 0o4755],
      ['empty', 0o1777],
    ] as const)
      chmodSync(at(path), mode);
    await write();
    const two = join(root, 'two');
    mkdirSync(two);
    const restore = `umask 027; tar -C "${dirname(folder)}" -cf - cache | tar -C "${two}" --no-same-permissions -xf -`;
    execFileSync('/bin/sh', ['-c', restore], { env: { PATH: process.env['PATH'] } });
    expect(statSync(join(two, 'cache/index.js')).mode & 0o7777).toBe(0o640);
    expect(outcome(await check({ folder: join(two, 'cache') }))).toBe('whole');
  });
});

describe('does not hold', () => {
  const seal = (): string => at(SEAL_NAME);
  it.each<[string, () => void, string | RegExp]>([
    [
      'a changed file',
      () => writeFileSync(at('index.js'), 'evil!\n'),
      'changed index.js (content)',
    ],
    [
      'a changed file with its old times',
      () => {
        const { atime, mtime } = statSync(at('index.js'));
        writeFileSync(at('index.js'), 'evil!\n');
        utimesSync(at('index.js'), atime, mtime);
      },
      'changed index.js (content)',
    ],
    [
      'a change far behind in a large file',
      () => writeFileSync(at('sub-file'), `${'x'.repeat(299_999)}y`),
      'changed sub-file (content)',
    ],
    ['a longer file', () => writeFileSync(at('index.js'), 'clean\n\n'), /size 6 became 7/],
    ['an endless file', () => truncateSync(at('index.js'), 2 ** 42), /size 6 became 4398046511104/],
    ['an added file', () => writeFileSync(at('sub/.hidden'), ''), 'added sub/.hidden (file)'],
    [
      'an added folder, whose content is not listed',
      () => cpSync(at('sub'), at('more'), { recursive: true }),
      'added more (folder)',
    ],
    ['an added link', () => symlinkSync('/', at('z')), 'added z (link)'],
    [
      'an added name that is no UTF-8',
      () => writeFileSync(Buffer.from(`${at('a')}\xff`, 'latin1'), ''),
      'added a\xff (file)',
    ],
    ['a missing file', () => rmSync(at('index.js')), 'missing index.js'],
    [
      'a missing folder',
      () => rmSync(at('sub'), { recursive: true }),
      'missing sub, missing sub/deep, missing sub/deep/zero, missing sub/tool',
    ],
    ['a missing empty folder', () => rmSync(at('empty'), { recursive: true }), 'missing empty'],
    [
      'a renamed file',
      () => renameSync(at('index.js'), at('Index.js')),
      'added Index.js (file), missing index.js',
    ],
    ['a new executable bit', () => chmodSync(at('index.js'), 0o744), /^changed index\.js \(mode/],
    ['a lost executable bit', () => chmodSync(at('sub/tool'), 0o655), /^changed sub\/tool \(mode/],
    ['a new setuid bit', () => chmodSync(at('sub/tool'), 0o4755), /mode 0755 became 4755/],
    ['a file that all may write', () => chmodSync(at('index.js'), 0o666), /mode 0644 became 0666/],
    ['a folder that all may write', () => chmodSync(at('empty'), 0o777), /^changed empty \(mode/],
    [
      'another target of a link',
      () => {
        rmSync(at('link'));
        symlinkSync('sub-file', at('link'));
      },
      'changed link (target)',
    ],
    [
      'a target that leads to the same file by another text',
      () => {
        rmSync(at('link'));
        symlinkSync('./sub/tool', at('link'));
      },
      'changed link (target)',
    ],
    [
      'a link in place of a file with the same content',
      () => {
        renameSync(at('index.js'), join(root, 'index.js'));
        symlinkSync(join(root, 'index.js'), at('index.js'));
      },
      'changed index.js (file became link)',
    ],
    [
      'a link in place of a folder with the same content',
      () => {
        renameSync(at('empty'), join(root, 'empty'));
        symlinkSync(join(root, 'empty'), at('empty'));
      },
      'changed empty (folder became link)',
    ],
    [
      'a folder in place of a file',
      () => {
        rmSync(at('index.js'));
        cpSync(at('sub'), at('index.js'), { recursive: true });
      },
      'changed index.js (file became folder)',
    ],
    [
      'a file in place of a folder',
      () => {
        rmSync(at('empty'), { recursive: true });
        writeFileSync(at('empty'), '');
      },
      'changed empty (folder became file)',
    ],
    [
      'a pipe in place of a file',
      () => {
        rmSync(at('index.js'));
        execFileSync('mkfifo', [at('index.js')]);
      },
      'changed index.js (file became special)',
    ],
    ['an added pipe', () => execFileSync('mkfifo', [at('pipe')]), 'added pipe (special)'],
    ['no seal', () => rmSync(seal()), 'has no seal'],
    ['an empty seal', () => writeFileSync(seal(), ''), /has a seal that is too short/],
    [
      'a seal that was changed',
      () => {
        const bytes = readFileSync(seal());
        bytes[60]! ^= 1;
        writeFileSync(seal(), bytes);
      },
      /was changed, or was written with another key/,
    ],
    ['a seal that is endless', () => truncateSync(seal(), 2 ** 42), 'has a seal that is too large'],
    [
      'a link to its seal',
      () => {
        renameSync(seal(), join(root, 'seal'));
        symlinkSync(join(root, 'seal'), seal());
      },
      'has a seal that is not a regular file',
    ],
    [
      'a folder in place of the seal',
      () => {
        rmSync(seal());
        mkdirSync(seal());
      },
      'has a seal that is not a regular file',
    ],
    [
      'a pipe in place of the seal',
      () => {
        rmSync(seal());
        execFileSync('mkfifo', [seal()]);
      },
      'has a seal that is not a regular file',
    ],
    [
      'a second seal elsewhere',
      () => cpSync(seal(), at('sub', SEAL_NAME)),
      `added sub/${SEAL_NAME} (file)`,
    ],
    [
      'the seal of another folder',
      () => renameSync(at('sub', SEAL_NAME), seal()),
      'has a seal that is for a folder of another name: "sub"',
    ],
    [
      'a link in place of the folder',
      () => {
        renameSync(folder, join(root, 'two'));
        symlinkSync(join(root, 'two'), folder);
      },
      'is a link',
    ],
    [
      'a file in place of the folder',
      () => {
        rmSync(folder, { recursive: true });
        writeFileSync(folder, '');
      },
      'is not a folder',
    ],
  ])('%s', async (name, change, wanted) => {
    if (name === 'the seal of another folder') {
      await write({ folder: at('sub') });
      const bytes = readFileSync(at('sub', SEAL_NAME));
      rmSync(at('sub', SEAL_NAME));
      await write();
      writeFileSync(at('sub', SEAL_NAME), bytes);
    } else await write();
    change();
    const result = outcome(await check());
    if (typeof wanted === 'string') expect(result).toBe(wanted);
    else expect(result).toMatch(wanted);
  });

  it.each<[string, Partial<SealOptions>]>([
    ['another key', { key: Buffer.alloc(32, 2) }],
    ['another use', { use: 'other' }],
  ])('%s', async (_, more) => {
    await write();
    expect(outcome(await check(more))).toContain('has a seal that ');
  });
});

describe('a folder without content', () => {
  it.each<[string, () => void, string]>([
    ['one that does not exist', () => rmSync(folder, { recursive: true }), 'does not exist'],
    [
      'an empty one',
      () => {
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
      },
      'is empty',
    ],
  ])('has nothing to check: %s', async (_, change, reason) => {
    change();
    expect(await check()).toEqual({ status: 'absent', reason });
  });

  it('is not whole if it was emptied and its seal stayed', async () => {
    await write({ file: join(root, 'seal') });
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    expect(await check({ file: join(root, 'seal') })).toMatchObject({ differenceCount: 10 });
  });
});

describe('a seal in another file', () => {
  it('holds, and then the name of a seal is a name like any other', async () => {
    const file = join(root, 'seal');
    await write({ file });
    expect(existsSync(at(SEAL_NAME))).toBe(false);
    expect(outcome(await check({ file }))).toBe('whole');
    writeFileSync(at(SEAL_NAME), '');
    expect(outcome(await check({ file }))).toBe(`added ${SEAL_NAME} (file)`);
  });

  it.each(['seal', 'sub/seal', '../cache/seal'])('is not in the folder: %s', async (path) => {
    await expect(write({ file: at(path) })).rejects.toThrow('would be in the folder that it lists');
    await expect(check({ file: at(path) })).rejects.toThrow('would be in the folder that it lists');
  });
});

describe('does not seal', () => {
  it.each<[string, () => void, string]>([
    ['a pipe', () => execFileSync('mkfifo', [at('sub/pipe')]), 'sub/pipe is a device, a pipe'],
    ['a missing folder', () => rmSync(folder, { recursive: true }), 'does not exist'],
    [
      'a link',
      () => {
        renameSync(folder, join(root, 'two'));
        symlinkSync(join(root, 'two'), folder);
      },
      'is a link: name the folder to which it leads',
    ],
    [
      'through a link in the place of the seal',
      () => symlinkSync(join(root, 'outside'), at(SEAL_NAME)),
      'it is not a regular file',
    ],
  ])('%s', async (_, change, message) => {
    change();
    await expect(write()).rejects.toThrow(message);
    expect(existsSync(join(root, 'outside'))).toBe(false);
  });
});

describe('cannot check', () => {
  it.skipIf(isRoot).each([['sub/tool'], ['sub']])('what it may not read: %s', async (path) => {
    await write();
    chmodSync(at(path), 0);
    await expect(check()).rejects.toThrow('cannot be read: EACCES');
  });

  it('a folder that changes meanwhile', async () => {
    await write();
    const onProgress = (entries: number): void => {
      if (entries === 1) writeFileSync(at('sub/deep/late'), '');
    };
    await expect(check({ onProgress })).rejects.toThrow('changed while it was read');
    rmSync(at('sub/deep/late'));
    await expect(write({ onProgress })).rejects.toThrow('changed while it was read');
  });

  it('folders in each other past the limit', async () => {
    mkdirSync(at('d/'.repeat(300)), { recursive: true });
    await expect(write()).rejects.toThrow('has more than 256 folders in each other');
  });
});

describe('many files', () => {
  const COUNT = 1200;
  let program: URL;
  let threads = 0;
  const startThread = (): Worker => {
    threads += 1;
    return new Worker(program);
  };
  beforeAll(async () => {
    program = await threadProgram(
      new URL('../../../../packages/cli/src/commands/seal/thread.ts', import.meta.url),
    );
  });

  it('are read in threads, in the same order', async () => {
    for (let each = 0; each < COUNT; each += 1)
      writeFileSync(at('sub', `${each % 7}-${each}`), `${each}`);
    expect(await write({ startThread })).toMatchObject({ entries: COUNT + 10 });
    expect(outcome(await check({ startThread }))).toBe('whole');
    writeFileSync(at('sub/3-1109'), '1108');
    rmSync(at('sub/0-7'));
    expect(outcome(await check({ startThread }))).toBe(
      'missing sub/0-7, changed sub/3-1109 (content)',
    );
    expect(threads).toBe(6);
    for (let each = 0; each < COUNT; each += 1)
      rmSync(at('sub', `${each % 7}-${each}`), { force: true });
    expect(await check({ startThread })).toMatchObject({ differenceCount: COUNT });
  });

  it('cannot be checked if a thread ends', async () => {
    for (let each = 0; each < COUNT; each += 1) writeFileSync(at(`${each}`), '');
    const ending = (): Worker => new Worker('process.exit()', { eval: true });
    await expect(write({ startThread: ending })).rejects.toThrow('a thread that reads files ended');
  });

  it('keeps no more than so many differences, and counts all', async () => {
    await write();
    for (let each = 0; each < COUNT; each += 1) writeFileSync(at(`${each}`), '');
    const checked = await check({ startThread });
    expect(checked).toMatchObject({ status: 'not-whole', differenceCount: COUNT });
    expect(checked).toHaveProperty('differences.length', 1000);
  });
});

describe('removes', () => {
  it('everything in the folder, and nothing to which a link leads', () => {
    const outside = join(root, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'kept'), '');
    symlinkSync(outside, at('sub/out'));
    symlinkSync(join(outside, 'kept'), at('sub/out-file'));
    writeFileSync(Buffer.from(`${at('a')}\xff`, 'latin1'), '');
    execFileSync('mkfifo', [at('pipe')]);
    for (const path of ['sub/deep', 'sub', 'empty']) chmodSync(at(path), 0o555);
    chmodSync(at('empty'), 0);
    removeFolder(`${folder}/`);
    expect(readdirSync(root).toSorted()).toEqual(['one', 'outside']);
    expect(readdirSync(join(root, 'one'))).toEqual([]);
    expect(readdirSync(outside)).toEqual(['kept']);
  });

  it('a link in place of the folder', () => {
    const link = join(root, 'link');
    symlinkSync(folder, link);
    const target = readlinkSync(link);
    removeFolder(`${link}/`);
    expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
    expect(readdirSync(target)).toContain('index.js');
  });

  it.skipIf(isRoot)('and says what stays', () => {
    chmodSync(dirname(folder), 0o555);
    onTestFinished(() => chmodSync(dirname(folder), 0o755));
    removeFolder(folder);
    expect(readdirSync(folder)).toEqual([]);
    expect(() => removeFolder(join(root, 'nowhere'))).toThrow('cannot be removed: ENOENT');
  });
});
