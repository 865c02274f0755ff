/* Folders whose seal holds, and those that cannot be sealed or checked. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SEAL_NAME } from '../../../../packages/guard/src/seal/index.ts';
import { freshEach } from '../../../support/fresh-each.ts';
import { makeSealScene, outcome } from '../../../support/seal-scene.ts';

const isRoot = process.getuid?.() === 0;
const scene = freshEach(() => makeSealScene());
const at = (...path: string[]): string => scene.at(...path);

it('holds for the folder as it was sealed, and counts what it lists', async () => {
  const totals = { entries: 10, bytes: 300_016 };
  expect(await scene.write()).toEqual(totals);
  expect(await scene.check()).toEqual({ status: 'whole', ...totals });
  const first = readFileSync(at(SEAL_NAME));
  await scene.write();
  expect(readFileSync(at(SEAL_NAME))).toEqual(first);
  expect(readdirSync(scene.folder).filter((name) => name.includes('tarwarden'))).toEqual([
    SEAL_NAME,
  ]);
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
      () => linkSync(at('index.js'), join(scene.root, 'second name')),
    ],
    ['whatever a link leads to', () => writeFileSync(join(scene.root, 'one/nowhere'), '')],
    [
      'after a restore that applied a umask',
      () => {
        chmodSync(at('sub/tool'), 0o700);
        chmodSync(at('empty'), 0o750);
      },
    ],
  ])('%s', async (_, change) => {
    await scene.write();
    change();
    expect(outcome(await scene.check())).toBe('whole');
  });

  it('after a restore to another path', async () => {
    await scene.write();
    const elsewhere = join(scene.root, 'two/deeper/cache');
    cpSync(scene.folder, elsewhere, { recursive: true, verbatimSymlinks: true });
    rmSync(scene.folder, { recursive: true });
    expect(outcome(await scene.check({ folder: elsewhere }))).toBe('whole');
    expect(outcome(await scene.check({ folder: `${elsewhere}/` }))).toBe('whole');
  });

  it('after tar restored it as an ordinary user, without bits that the umask and tar take away', async () => {
    for (const [path, mode] of [
      ['index.js', 0o666],
      ['sub-file', 0o2777],
      ['sub/tool', 0o4755],
      ['empty', 0o1777],
    ] as const)
      chmodSync(at(path), mode);
    await scene.write();
    const two = join(scene.root, 'two');
    mkdirSync(two);
    const restore = `umask 027; tar -C "${dirname(scene.folder)}" -cf - cache | tar -C "${two}" --no-same-permissions -xf -`;
    execFileSync('/bin/sh', ['-c', restore], { env: { PATH: process.env['PATH'] } });
    expect(statSync(join(two, 'cache/index.js')).mode & 0o7777).toBe(0o640);
    expect(outcome(await scene.check({ folder: join(two, 'cache') }))).toBe('whole');
  });
});

it.skipIf(process.platform !== 'linux')(
  'holds after tar restored it below a folder with the setgid bit',
  async () => {
    await scene.write();
    const two = join(scene.root, 'two');
    mkdirSync(two);
    chmodSync(two, 0o2755);
    const restore = `tar -C "${dirname(scene.folder)}" -cf - cache | tar -C "${two}" --no-same-permissions -xf -`;
    execFileSync('/bin/sh', ['-c', restore], { env: { PATH: process.env['PATH'] } });
    expect(statSync(join(two, 'cache/sub')).mode & 0o2000).toBe(0o2000);
    expect(outcome(await scene.check({ folder: join(two, 'cache') }))).toBe('whole');
    chmodSync(join(two, 'cache/index.js'), 0o2644);
    expect(outcome(await scene.check({ folder: join(two, 'cache') }))).toMatch(/index\.js \(mode/);
  },
);

describe('a folder without content', () => {
  it.each<[string, () => void, string]>([
    ['one that does not exist', () => rmSync(scene.folder, { recursive: true }), 'does not exist'],
    [
      'an empty one',
      () => {
        rmSync(scene.folder, { recursive: true });
        mkdirSync(scene.folder);
      },
      'is empty',
    ],
  ])('has nothing to check: %s', async (_, change, reason) => {
    change();
    expect(await scene.check()).toEqual({ status: 'absent', reason });
  });

  it('is not whole if it was emptied and its seal stayed', async () => {
    await scene.write({ file: join(scene.root, 'seal') });
    rmSync(scene.folder, { recursive: true });
    mkdirSync(scene.folder);
    expect(await scene.check({ file: join(scene.root, 'seal') })).toMatchObject({
      differenceCount: 10,
    });
  });
});

describe('a seal in another file', () => {
  it('holds, and then the name of a seal is a name like any other', async () => {
    const file = join(scene.root, 'seal');
    await scene.write({ file });
    expect(existsSync(at(SEAL_NAME))).toBe(false);
    expect(outcome(await scene.check({ file }))).toBe('whole');
    writeFileSync(at(SEAL_NAME), '');
    expect(outcome(await scene.check({ file }))).toBe(`added ${SEAL_NAME} (file)`);
  });

  it.each(['seal', 'sub/seal', '../cache/seal'])('is not in the folder: %s', async (path) => {
    await expect(scene.write({ file: at(path) })).rejects.toThrow(
      'would be in the folder that it lists',
    );
    await expect(scene.check({ file: at(path) })).rejects.toThrow(
      'would be in the folder that it lists',
    );
  });
});

describe('does not seal', () => {
  it.each<[string, () => void, string]>([
    ['a pipe', () => execFileSync('mkfifo', [at('sub/pipe')]), 'sub/pipe is a device, a pipe'],
    ['a missing folder', () => rmSync(scene.folder, { recursive: true }), 'does not exist'],
    [
      'a link',
      () => {
        renameSync(scene.folder, join(scene.root, 'two'));
        symlinkSync(join(scene.root, 'two'), scene.folder);
      },
      'is a link: name the folder to which it leads',
    ],
    [
      'through a link in the place of the seal',
      () => symlinkSync(join(scene.root, 'outside'), at(SEAL_NAME)),
      'it is not a regular file',
    ],
  ])('%s', async (_, change, message) => {
    change();
    await expect(scene.write()).rejects.toThrow(message);
    expect(existsSync(join(scene.root, 'outside'))).toBe(false);
  });
});

describe('cannot check', () => {
  it.skipIf(isRoot).each([['sub/tool'], ['sub']])('what it may not read: %s', async (path) => {
    await scene.write();
    chmodSync(at(path), 0);
    await expect(scene.check()).rejects.toThrow('cannot be read: EACCES');
  });

  it.skipIf(isRoot).each([0o300, 0o100, 0o400, 0])(
    'a folder with the permissions %o and without a seal',
    async (mode) => {
      chmodSync(scene.folder, mode);
      await expect(scene.check()).rejects.toMatchObject({ code: 'NOT_CHECKED' });
      chmodSync(scene.folder, 0o700);
    },
  );

  it('a folder that changes meanwhile', async () => {
    await scene.write();
    const onProgress = (entries: number): void => {
      if (entries === 1) writeFileSync(at('sub/deep/late'), '');
    };
    await expect(scene.check({ onProgress })).rejects.toThrow('changed while it was read');
    rmSync(at('sub/deep/late'));
    await expect(scene.write({ onProgress })).rejects.toThrow('changed while it was read');
  });

  it('folders in each other past the limit', async () => {
    mkdirSync(at('d/'.repeat(300)), { recursive: true });
    await expect(scene.write()).rejects.toThrow('has more than 256 folders in each other');
  });
});
