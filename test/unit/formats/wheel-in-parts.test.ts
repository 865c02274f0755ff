/** A wheel that is read in parts from its file has the verdict that it has in memory, whatever the parts are. */
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_LIMITS,
  inspect,
  inspectFile,
  readsFiles,
  type ArchiveFile,
} from '@tarwarden/core';
import { wheelAttacks, wheelOddities } from '../../support/attacks/wheel.ts';
import { wheelTextAttacks } from '../../support/attacks/wheel-texts.ts';
import { zipAttacks } from '../../support/attacks.ts';
import { recordLine, wheel } from '../../support/wheel.ts';

function fileOf(bytes: Buffer): ArchiveFile {
  return {
    length: bytes.length,
    read(target, position) {
      if (position + target.length > bytes.length) throw new RangeError('past the end');
      bytes.copy(target, 0, position);
    },
  };
}

const sha512Of = (bytes: Buffer): string => createHash('sha512').update(bytes).digest('hex');

function expectAlike(bytes: Buffer, fileName: string): void {
  const options = { format: 'wheel', expected: { fileName } } as const;
  const inMemory = inspect(bytes, options);
  for (const pieceBytes of [undefined, 1000, 7])
    expect(
      inspectFile(fileOf(bytes), {
        ...options,
        sha512: sha512Of(bytes),
        ...(pieceBytes !== undefined && { pieceBytes }),
      }),
    ).toEqual(inMemory);
}

const target = { name: 'fixture', version: '1.0.0', target: '../../../sentinel' };
const zips = zipAttacks.map((attack) => ({
  name: attack.id,
  fileName: 'fixture-1.0.0-py3-none-any.whl',
  bytes: attack.build(target),
}));

describe('a wheel that is read in parts', () => {
  it.each([...wheelAttacks, ...wheelTextAttacks, ...wheelOddities, ...zips])(
    'has the verdict that it has in memory: $name',
    ({ bytes, fileName }) => expectAlike(bytes, fileName),
  );

  it.each([
    ['stored', randomBytes(300_000)],
    ['packed', Buffer.alloc(3_000_000, 'a text that repeats itself, '.repeat(99))],
  ])('may have large entries that are %s, and others behind them', (_, body) => {
    const bytes = wheel({ files: { 'fixture/large.bin': body, 'fixture/z.py': 'z = 1\n' } });
    expectAlike(bytes, 'fixture-1.0.0-py3-none-any.whl');
    expect(inspect(bytes, { format: 'wheel' }).status).toBe('accept');
  });

  it('has the hashes of RECORD that are stronger than SHA-256 read as well', () => {
    const body = randomBytes(50_000);
    const hash = `sha512=${createHash('sha512').update(body).digest('base64url')}`;
    const line = recordLine('fixture/large.bin', body);
    for (const found of [hash, `${hash.slice(0, -4)}AAAA`]) {
      const bytes = wheel({
        files: { 'fixture/large.bin': body },
        record: (lines) =>
          lines.map((one) => (one === line ? one.replace(/sha256=[^,]+/, found) : one)),
      });
      expectAlike(bytes, 'fixture-1.0.0-py3-none-any.whl');
    }
  });

  it('is no more than cut short or damaged at any place', () => {
    const whole = wheel({ files: { 'fixture/a.py': 'a = 1\n'.repeat(200) } });
    for (let at = 0; at < whole.length; at += 13) {
      expectAlike(whole.subarray(0, at), 'fixture-1.0.0-py3-none-any.whl');
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 0xff;
      expectAlike(damaged, 'fixture-1.0.0-py3-none-any.whl');
    }
  });

  it('has no verdict where it cannot be read', () => {
    const bytes = wheel();
    const broken = {
      length: bytes.length,
      read: () => {
        throw new Error('EIO');
      },
    };
    expect(() => inspectFile(broken, { format: 'wheel', sha512: sha512Of(bytes) })).toThrow('EIO');
  });
});

describe('inspectFile', () => {
  it('is for formats that are read in parts', () => {
    const bytes = wheel();
    expect(readsFiles('wheel')).toBe(true);
    expect(readsFiles('sdist')).toBe(false);
    const options = { format: 'sdist', sha512: sha512Of(bytes) } as const;
    expect(() => inspectFile(fileOf(bytes), options)).toThrow(TypeError);
  });

  it('takes no digest that is none', () => {
    const options = { format: 'wheel', sha512: 'x' } as const;
    expect(() => inspectFile(fileOf(wheel()), options)).toThrow('sha512');
  });
});

describe('the bytes that a wheel may unpack to', () => {
  const bytes = wheel({ files: { 'fixture/zeros': Buffer.alloc(40_000) } });
  const policy = (unpackedBytes: number): object => ({
    policy: {
      levels: {},
      links: 'reject',
      exceptions: [],
      today: '2026-01-01',
      limits: { ...DEFAULT_LIMITS, unpackedBytes },
    },
  });
  const rulesFor = (options: object): readonly string[] =>
    inspect(bytes, { format: 'wheel', ...options }).findings.map(({ rule }) => rule);

  it('are those of the policy where it says a number', () => {
    expect(rulesFor(policy(30_000))).toContain('archive-limit');
    expect(rulesFor(policy(DEFAULT_LIMITS.unpackedBytes))).toEqual([]);
    expect(rulesFor({})).toEqual([]);
  });
});
