/** Links in the module cache: nothing is read, written or unpacked through them. */
import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import {
  closeGoBench,
  download,
  forgetFolder,
  guarded,
  inCache,
  makeLockedBench,
  MODULE,
  put,
  unguarded,
  unpackedAt,
  VERSION,
  versionsAt,
} from '../../support/go/bench.ts';

describe('a link in the module cache', { tags: ['go'] }, () => {
  const bench = freshEach(() => makeLockedBench(), closeGoBench);

  let elsewhere: string;
  beforeEach(() => {
    elsewhere = join(bench.sandbox.root, 'elsewhere');
    mkdirSync(elsewhere);
  });

  test.each(['example.org', 'example.org/team'])(
    'instead of the folder %s, which go would unpack through: nothing is written there',
    async (name) => {
      const link = join(bench.modcache, name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(elsewhere, link);
      const { code, stderr } = await guarded(bench, ['mod', 'download']);
      expect(code).toBe(1);
      expect(stderr).toContain(`not inspected, so not installed: ${MODULE}`);
      expect(stderr).toContain(`${link} of the module cache is a link`);
      expect(readdirSync(elsewhere)).toEqual([]);
      // Without the guard it is.
      expect((await unguarded(bench, ['mod', 'download'])).code).toBe(0);
      expect(readdirSync(elsewhere)).not.toEqual([]);
      const again = await guarded(bench, ['run', '.']);
      expect(again.code).toBe(97);
      expect(again.stderr).toContain(`${link} of the module cache is a link`);
    },
  );

  test('instead of the folder of a module: go is not run', async () => {
    await download(bench);
    renameSync(unpackedAt(bench), join(elsewhere, 'subject'));
    symlinkSync(join(elsewhere, 'subject'), unpackedAt(bench));
    const { code, stderr } = await guarded(bench, ['run', '.']);
    expect(code).toBe(97);
    expect(stderr).toContain('is a link; go would unpack modules elsewhere');
  });

  test.each(['example.org', 'example.org/team/subject/@v'])(
    'instead of the folder %s of downloads: go is not run',
    async (name) => {
      await download(bench);
      renameSync(inCache(bench, name), join(elsewhere, 'moved'));
      symlinkSync(join(elsewhere, 'moved'), inCache(bench, name));
      expect((await guarded(bench, ['run', '.'])).code).toBe(97);
    },
  );

  test.each(['cache', 'cache/download'])(
    'instead of %s: go is not run, and nothing is written there',
    async (name) => {
      const link = join(bench.modcache, name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(elsewhere, link);
      const { code, stderr } = await guarded(bench, ['run', '.']);
      expect(code).toBe(97);
      expect(stderr).toContain(`${link} of the module cache is a link`);
      expect(readdirSync(elsewhere)).toEqual([]);
    },
  );

  test('instead of cache/lock, to a file that is not there: go would make it', async () => {
    const link = join(bench.modcache, 'cache/lock');
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(elsewhere, 'made'), link);
    const { code, stderr } = await guarded(bench, ['run', '.']);
    expect(code).toBe(97);
    expect(stderr).toContain(`${link} of the module cache is a link`);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  test.each(['partial', 'ziphash'])(
    'of the hard kind instead of a .%s, which go would empty: go is not run',
    async (kind) => {
      const precious = join(elsewhere, 'precious');
      put(precious, 'precious');
      mkdirSync(dirname(versionsAt(bench, 'x')), { recursive: true });
      linkSync(precious, versionsAt(bench, `${VERSION}.${kind}`));
      const { code, stderr } = await guarded(bench, ['run', '.']);
      expect(code).toBe(97);
      expect(stderr).toContain(`${VERSION}.${kind} of the module cache is a hard link`);
      expect(readFileSync(precious, 'utf8')).toBe('precious');
      // Without the guard it is written over.
      expect((await unguarded(bench, ['mod', 'download'])).code).toBe(0);
      expect(readFileSync(precious, 'utf8')).not.toBe('precious');
    },
  );

  test('of the hard kind to a copy of a whole cache is accepted', async () => {
    await download(bench);
    for (const kind of ['zip', 'ziphash', 'info', 'mod', 'lock'])
      linkSync(versionsAt(bench, `${VERSION}.${kind}`), join(elsewhere, kind));
    forgetFolder(bench);
    expect((await guarded(bench, ['run', '.'])).code).toBe(0);
  });

  test.each(['lock', 'info', 'mod', 'ziphash', 'partial', 'zip'])(
    'instead of a .%s, through which go may write: go is not run',
    async (kind) => {
      mkdirSync(dirname(versionsAt(bench, 'x')), { recursive: true });
      writeFileSync(join(elsewhere, 'precious'), 'precious');
      for (const name of ['precious', 'nothing']) {
        symlinkSync(join(elsewhere, name), versionsAt(bench, `${VERSION}.${kind}`));
        // oxlint-disable-next-line no-await-in-loop
        const { code, stderr } = await guarded(bench, ['run', '.']);
        expect(code).toBe(kind === 'zip' ? 1 : 97);
        expect(stderr).toContain(versionsAt(bench, `${VERSION}.${kind}`));
        expect(stderr).toContain('go was not run');
        rmSync(versionsAt(bench, `${VERSION}.${kind}`));
      }
      expect(readdirSync(elsewhere)).toEqual(['precious']);
      expect(readFileSync(join(elsewhere, 'precious'), 'utf8')).toBe('precious');
    },
  );
});

describe('a link in the project', { tags: ['go'] }, () => {
  const bench = freshEach(() => makeLockedBench(), closeGoBench);

  test.each(['go.sum', 'go.mod', 'vendor'])(
    'that git tracks, at %s, leads go nowhere outside, and one of the user is followed',
    async (name) => {
      const { project, root, env } = bench.sandbox;
      const elsewhere = join(root, 'elsewhere');
      const text = name === 'vendor' ? '' : readFileSync(join(project, name), 'utf8');
      if (name === 'vendor') mkdirSync(elsewhere);
      else writeFileSync(elsewhere, text);
      rmSync(join(project, name), { force: true, recursive: true });
      symlinkSync('../elsewhere', join(project, name));
      const git = (...args: string[]): Buffer => execFileSync('git', args, { cwd: project, env });
      git('init', '--quiet');
      git('add', 'main.go', name);
      const refused = await guarded(bench, ['mod', name === 'vendor' ? 'vendor' : 'tidy']);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(
        `go was not run: "${name}" is a link that leads out of the project`,
      );
      if (name === 'vendor') return expect(readdirSync(elsewhere)).toEqual([]);
      expect(readFileSync(elsewhere, 'utf8')).toBe(text);
      git('rm', '--cached', '--quiet', name);
      expect(await guarded(bench, ['mod', 'download'])).toMatchObject({ code: 0 });
    },
  );
});
