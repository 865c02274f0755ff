/** What unpacking answers and says, on few archives: unpack.test.ts has all attacks. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '@tarwarden/core';
import { unpack, type UnpackOptions } from '@tarwarden/guard';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { assertNothingHeld } from '../../../support/held.ts';
import { tgz } from '../../../support/pkg.ts';
import { entry } from '../../../support/tar.ts';

let folder: string;
freshFolder((made) => (folder = made));
afterEach(() => assertNothingHeld(folder));

describe('unpack', () => {
  const run = (bytes: Buffer, options: UnpackOptions = {}): ReturnType<typeof unpack> =>
    unpack(bytes, join(folder, 'out'), options);

  it('says what it wrote', () => {
    expect(run(tgz({ files: { 'lib/a.js': 'four' } }))).toMatchObject({
      status: 'unpacked',
      verdict: { status: 'accept' },
      files: 3,
      folders: 1,
    });
    expect(readdirSync(folder)).toEqual(['out']);
  });

  it('writes nothing of what is rejected, and says why', () => {
    const link = entry({ name: 'package/a', typeflag: '2', linkname: '/etc/passwd' });
    const result = run(tgz({ entries: [link] }));
    expect(result).toMatchObject({ status: 'refused', verdict: { status: 'reject' } });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('inspects against what is expected', () => {
    const bytes = tgz({ name: 'fixture' });
    expect(run(bytes, { expected: { name: 'other' } }).status).toBe('refused');
    expect(readdirSync(folder)).toEqual([]);
    expect(run(bytes, { expected: { name: 'fixture' } }).status).toBe('unpacked');
  });

  it('applies the policy, and stays within its limits', () => {
    const limits = { ...DEFAULT_POLICY.limits, unpackedBytes: 1024 };
    const result = run(tgz(), { policy: { ...DEFAULT_POLICY, limits } });
    expect(result.status).toBe('refused');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names the destination where it fails, and closes what it held', () => {
    const said = (message: string): unknown =>
      expect.objectContaining({ message: expect.stringContaining(message) });
    writeFileSync(join(folder, 'out'), 'x');
    const exists =
      '"out" exists and is something that is not a folder; name a new folder, or remove';
    expect(() => run(tgz())).toThrow(said(exists));
    rmSync(join(folder, 'out'));
    mkdirSync(join(folder, 'out/x'), { recursive: true });
    expect(() => run(tgz())).toThrow(said('"out" exists and is a folder that is not empty; name'));
  });
});

it('names the destination where the system fails', () => {
  const long = join(folder, 'x'.repeat(300));
  const cannot = expect.objectContaining({
    message: expect.stringContaining(`cannot unpack into "${long.slice(0, 20)}`),
    code: 'IO_FAILED',
  });
  expect(() => unpack(tgz(), long)).toThrow(cannot);
  expect(() => unpack(tgz(), join(long, 'out'))).toThrow(cannot);
  expect(readdirSync(folder)).toEqual([]);
});
