import { rulesWith } from '../../support/attacks/codes.ts';
import { inspect, type Verdict } from '@tarwarden/core';
import { describe, expect, test } from 'vitest';
import { zipAttacks } from '../../support/attacks.ts';
import { yarnZip, type YarnZipOptions } from '../../support/yarn-zip.ts';
import { UNIX, zip, zipSymlink, type ZipEntry, type ZipOptions } from '../../support/zip.ts';

const inspectZip = (bytes: Buffer, options: Parameters<typeof inspect>[1] = {}): Verdict =>
  inspect(bytes, { ...options, format: 'yarn-zip' });
const codes = ({ findings }: Verdict) =>
  findings.map(({ rule, code = rule, level }) => ({ code, level }));
const errors = (verdict: Verdict): string[] =>
  verdict.findings.filter(({ level }) => level === 'error').map(({ rule, code = rule }) => code);

describe('an archive as Yarn writes it', () => {
  const clean: readonly [string, YarnZipOptions][] = [
    ['of a package', {}],
    ['of a scoped package', { name: '@scope/name' }],
    [
      'with folders and executables',
      {
        entries: [
          { name: 'node_modules/fixture/bin/', mode: UNIX.directory | 0o755 },
          { name: 'node_modules/fixture/bin/run', mode: UNIX.file | 0o755, body: '#!/bin/sh\n' },
        ],
      },
    ],
    ['with names beyond ASCII', { files: { 'é/ünï.txt': 'x'.repeat(5000) } }],
    ['with a bundled dependency', { files: { 'node_modules/inner/package.json': '{}' } }],
    ['with an empty file', { files: { empty: '' } }],
    [
      'with the link of a git submodule',
      { files: { 'lib/.git': 'gitdir: ../.git/modules/lib\n' } },
    ],
    [
      'with the state of a built node_modules',
      { files: { 'dist/node_modules/.modules.yaml': '' } },
    ],
    [
      'with deflate levels in the flags',
      {
        entries: [{ name: 'node_modules/fixture/a', flags: 0x0802, body: 'aaaaaaaaaaaa' }],
      },
    ],
  ];
  test.each(clean)('%s is accepted without a finding', (_title, options) => {
    const verdict = inspectZip(yarnZip(options));
    expect(verdict.findings).toEqual([]);
    expect(verdict).toMatchObject({ status: 'accept', format: 'yarn-zip' });
  });

  test('is described by its facts', () => {
    const bytes = yarnZip({ name: '@a/b', version: '1.2.3' });
    const { archive, manifest } = inspectZip(bytes);
    expect(archive).toMatchObject({ compressedBytes: bytes.length, entries: 5 });
    expect(archive.unpackedBytes).toBeGreaterThan(30);
    expect(manifest).toMatchObject({ name: '@a/b', version: '1.2.3' });
  });

  test('is accepted as the package that was asked for, and as no other', () => {
    const bytes = yarnZip({ name: 'a', version: '1.0.0' });
    const asked = (name: string, version: string): string[] =>
      errors(inspectZip(bytes, { expected: { name, version } }));
    expect(asked('a', '1.0.0')).toEqual([]);
    expect(asked('b', '1.0.0')).toEqual(['manifest-name-mismatch']);
    expect(asked('a', '1.0.1')).toEqual(['manifest-version-mismatch']);
  });
});

describe('an archive that was tampered with', () => {
  test.each(zipAttacks.map((one) => [one.id, one] as const))('%s is rejected', (_id, attack) => {
    const verdict = inspectZip(attack.build());
    expect(verdict.status).toBe(attack.level === 'error' ? 'reject' : 'accept');
    for (const code of attack.codes) {
      expect(codes(verdict)).toContainEqual(expect.objectContaining({ code, level: attack.level }));
    }
  });

  test.each<[string, string, Readonly<Record<string, string>>]>([
    [
      'planted-git',
      'a link of git to what it brings',
      { 'lib/.git': 'gitdir: ../store', 'store/HEAD': '' },
    ],
    ['planted-git', 'a link of git out of it', { 'lib/.git': 'gitdir: ../../../store' }],
    ['planted-manager-state', 'state of its own', { 'node_modules/.pnpm/lock.yaml': '' }],
  ])('is rejected by %s for %s', (rule, _what, files) => {
    expect(errors(inspectZip(yarnZip({ files })))).toEqual([rule]);
  });

  test('what cannot be read is rejected, whatever the policy says', async () => {
    const { DEFAULT_POLICY } = await import('@tarwarden/core');
    const unread: Record<string, Buffer> = {
      'zip-end-record': Buffer.from('no zip'),
      'zip-unsupported': yarnZip({
        entries: [{ name: 'node_modules/fixture/a', body: 'x', method: 12 }],
      }),
      'zip-header-mismatch': yarnZip({
        entries: [{ name: 'node_modules/fixture/a', body: 'x', omit: 'local' }],
      }),
      'zip-corrupt': yarnZip({
        entries: [
          { name: 'node_modules/fixture/a', body: 'x', method: 8, data: Buffer.from([0xff]) },
        ],
      }),
    };
    for (const [rule, bytes] of Object.entries(unread)) {
      const policy = {
        ...DEFAULT_POLICY,
        levels: { ...DEFAULT_POLICY.levels, [rulesWith(rule)[0] ?? '']: 'off' as const },
      };
      expect(codes(inspectZip(bytes, { policy }))).toContainEqual(
        expect.objectContaining({ code: rule, level: 'error' }),
      );
    }
  });

  const top = 'node_modules/fixture';
  const more: readonly [string, string, ZipEntry[], ZipOptions?][] = [
    [
      'a second package',
      'zip-outside-package',
      [{ name: 'node_modules/other/index.js', body: 'x' }],
    ],
    ['a file outside node_modules', 'zip-outside-package', [{ name: 'index.js', body: 'x' }]],
    ['a folder with the mode of a file', 'zip-type-mismatch', [{ name: `${top}/a/` }]],
    ['a mode without a type', 'unknown-typeflag', [{ name: `${top}/a`, mode: 0o644 }]],
    ['a zip64 entry', 'zip-unsupported', [{ name: `${top}/a`, body: 'x', zip64: true }]],
    ['a zip64 archive', 'zip-unsupported', [], { zip64: true }],
    ['a data descriptor', 'zip-unsupported', [{ name: `${top}/a`, body: 'x', descriptor: true }]],
    ['a comment', 'zip-unsupported', [{ name: `${top}/a`, comment: 'hello' }]],
    ['an archive comment', 'zip-end-record', [], { comment: 'hello' }],
    ['a name in no encoding', 'zip-unsupported', [{ name: `${top}/é`, flags: 0 }]],
    ['another system', 'zip-unsupported', [{ name: `${top}/a`, madeBy: 0 }]],
    [
      'an entry without data',
      'zip-header-mismatch',
      [{ name: `${top}/a`, body: 'x', omit: 'local' }],
    ],
    [
      'broken deflate',
      'zip-corrupt',
      [{ name: `${top}/a`, body: 'xxxx', method: 8, data: Buffer.from([0xff, 0xff]) }],
    ],
    [
      'more content than declared',
      'zip-corrupt',
      [{ name: `${top}/a`, body: 'x'.repeat(4096), method: 8, size: 10 }],
    ],
    [
      'a folder with content',
      'size-on-non-file',
      [{ name: `${top}/a/`, mode: UNIX.directory | 0o755, body: 'x', method: 0 }],
    ],
  ];
  test.each(more)('%s is rejected by %s', (_title, rule, entries, options) => {
    const verdict = inspectZip(yarnZip({ entries }, options));
    expect(verdict.status).toBe('reject');
    expect(errors(verdict)).toContain(rule);
  });

  test('nothing, noise and every cut of an archive are rejected, and nothing throws', () => {
    const whole = yarnZip();
    expect(errors(inspectZip(Buffer.alloc(0)))).toContain('zip-end-record');
    expect(errors(inspectZip(Buffer.alloc(4096, 'PK\x05\x06', 'latin1')))).not.toEqual([]);
    for (let length = 0; length < whole.length; length += 1) {
      expect(inspectZip(whole.subarray(0, length)).status).toBe('reject');
    }
  });

  test('any single changed byte that is no time, mode or attribute is noticed', () => {
    const whole = yarnZip();
    const silent: number[] = [];
    for (let at = 0; at < whole.length; at += 1) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      if (inspectZip(changed).status === 'accept') silent.push(at);
    }
    // In each header of the directory: version made by (1 byte), permissions (1).
    expect(silent.length).toBeLessThanOrEqual(4 * 2);
  });
});

describe('links in a cache archive', () => {
  const linked = (target: string): Buffer =>
    yarnZip({ entries: [zipSymlink('node_modules/fixture/link', target)] });
  const contained = { links: 'contained' } as const;

  test('are refused by default, wherever they lead', () => {
    expect(errors(inspectZip(linked('index.js')))).toEqual(['symlink']);
  });

  test('inside the package pass where the policy lets contained links pass', async () => {
    const { DEFAULT_POLICY } = await import('@tarwarden/core');
    const policy = { ...DEFAULT_POLICY, ...contained };
    expect(errors(inspectZip(linked('index.js'), { policy }))).toEqual([]);
    expect(errors(inspectZip(linked('../../outside'), { policy }))).toEqual(['escaping-link']);
  });
});

describe('exceptions', () => {
  const bytes = yarnZip({ entries: [zipSymlink('node_modules/fixture/link', 'index.js')] });
  const { sha512 } = inspectZip(bytes).archive;
  const base = {
    package: 'fixture@1.0.0',
    rule: 'symlink' as const,
    reason: 'looked at',
    expires: '2099-01-01',
  };
  const withException = async (
    exception: { sha512: string; entry?: string },
    convertedFrom?: string,
  ): Promise<Verdict> => {
    const { DEFAULT_POLICY } = await import('@tarwarden/core');
    const policy = {
      ...DEFAULT_POLICY,
      today: '2026-01-01',
      exceptions: [{ ...base, ...exception }],
    };
    return inspectZip(bytes, { policy, ...(convertedFrom !== undefined && { convertedFrom }) });
  };
  const tarball = 'a'.repeat(128);

  test('name the zip by its own digest and path', async () => {
    const verdict = await withException({ sha512, entry: 'node_modules/fixture/link' });
    expect(verdict.status).toBe('accept');
    expect(verdict.findings[0]).toMatchObject({ excepted: 'looked at' });
  });

  test('for the tarball hold for the zip that is known to be made of it', async () => {
    const exception = { sha512: tarball, entry: 'package/link' };
    expect((await withException(exception, tarball)).status).toBe('accept');
    expect((await withException(exception, 'b'.repeat(128))).status).toBe('reject');
    expect((await withException(exception)).status).toBe('reject');
  });

  test('for another entry of the tarball do not', async () => {
    const exception = { sha512: tarball, entry: 'package/other' };
    expect((await withException(exception, tarball)).status).toBe('reject');
  });
});

test('limits hold for archives of the cache', async () => {
  const { DEFAULT_POLICY, DEFAULT_LIMITS } = await import('@tarwarden/core');
  const limited = (limits: Partial<typeof DEFAULT_LIMITS>, bytes: Buffer): string[] =>
    errors(
      inspectZip(bytes, {
        policy: { ...DEFAULT_POLICY, limits: { ...DEFAULT_LIMITS, ...limits } },
      }),
    );
  expect(limited({ entries: 3 }, yarnZip())).toContain('entry-count-limit');
  expect(limited({ unpackedBytes: 10 }, yarnZip())).toContain('unpacked-size-limit');
  const bomb = zip([
    { name: 'node_modules/a/package.json', body: '{"name":"a","version":"1.0.0"}' },
    { name: 'node_modules/a/zeros', body: Buffer.alloc(32 * 1024 * 1024) },
  ]);
  expect(limited({}, bomb)).toContain('compression-ratio-limit');
});
