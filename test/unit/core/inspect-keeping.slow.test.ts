import { gunzipSync } from 'node:zlib';
import { DEFAULT_POLICY, inspect } from '@tarwarden/core';
import { inspectKeeping, type Kept } from '@tarwarden/core/npm';
import { describe, expect, it } from 'vitest';
import { PREFACE } from '../../../packages/core/src/containers/tar/preface.ts';
import { attacks, cleanOddities } from '../../support/attacks.ts';
import { foreign, FOREIGN_RULES } from '../../support/attacks/foreign.ts';
import { gzip } from '../../support/gzip.ts';
import { pkg, tgz } from '../../support/pkg.ts';

const room = (bytes: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(bytes));
const kept = (bytes: Uint8Array): Kept => inspectKeeping(bytes, { room });

/** A tarball whose trailer says another unpacked size. */
function lying(size: number): Buffer {
  const bytes = tgz();
  bytes.writeUInt32LE(size, bytes.length - 4);
  return bytes;
}

describe('inspectKeeping', () => {
  it('keeps every byte of the tar that was inspected', () => {
    const tar = pkg({ files: { big: Buffer.alloc(3_000_000, 'text') } });
    const result = kept(gzip(tar));
    expect(result.verdict.status).toBe('accept');
    expect(Buffer.from(result.tar ?? []).equals(Buffer.concat([PREFACE, tar]))).toBe(true);
  });

  it("begins what it keeps with bytes that are not the archive's", () => {
    const hidden = foreign('gzip', { name: 'fixture' });
    const levels = Object.fromEntries(FOREIGN_RULES.map((rule) => [rule, 'off' as const]));
    const { verdict, tar } = inspectKeeping(hidden, {
      room,
      policy: { ...DEFAULT_POLICY, levels },
    });
    expect(verdict.findings).toEqual([]);
    expect(Buffer.from(tar ?? []).equals(Buffer.concat([PREFACE, gunzipSync(hidden)]))).toBe(true);
  });

  it('begins it with what every extractor reads as nothing', () => {
    const tar = Buffer.concat([PREFACE, pkg()]);
    expect(inspect(gzip(tar))).toMatchObject({ status: 'accept', findings: [] });
    expect(inspect(gzip(tar)).archive.entries).toBe(inspect(tgz()).archive.entries);
  });

  it('keeps nothing where there is no room', () => {
    expect(inspectKeeping(tgz(), { room: () => undefined })).toEqual({ verdict: inspect(tgz()) });
  });

  it.each([0, 1, pkg().length - 1, pkg().length + 1, 1_000_000, 0xffff_ffff])(
    'keeps nothing of a tarball that says it unpacks to %s bytes',
    (size) => {
      const asked: number[] = [];
      const result = inspectKeeping(lying(size), {
        room: (bytes) => {
          asked.push(bytes);
          return room(bytes);
        },
      });
      expect(result.tar).toBeUndefined();
      expect(result.verdict.status).toBe('reject');
      // No more than deflate can make of so few bytes.
      expect(Math.max(0, ...asked)).toBeLessThanOrEqual(tgz().length * 1032 + PREFACE.length);
    },
  );

  it.each([...attacks, ...cleanOddities].map((one) => [one.id, one] as const))(
    'gives the same verdict for %s, and keeps nothing that there are findings about',
    (_, attack) => {
      const bytes = attack.build();
      const { verdict, tar } = kept(bytes);
      expect(verdict).toEqual(inspect(bytes));
      if (verdict.findings.length > 0) expect(tar).toBeUndefined();
    },
  );

  it('hands out what is unpacked once, also where the archive is read a second time', () => {
    const twice = pkg({ files: { 'a.js': '1' }, entries: [pkg({ tail: [] })] });
    let bytes = 0;
    const verdict = inspect(gzip(twice), { unpacked: (piece) => void (bytes += piece.length) });
    expect(verdict.findings.map(({ rule }) => rule)).toContain('duplicate-path-identical');
    expect(bytes).toBe(verdict.archive.unpackedBytes);
  });
});
