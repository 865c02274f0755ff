import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, inspect } from '@tarwarden/core';
import {
  MAX_ARCHIVE_FILE_BYTES,
  MAX_WHEEL_FILE_BYTES,
  WHEEL_IN_MEMORY_BYTES,
} from '@tarwarden/core/limits';
import { writeSparseWheel } from '../../../support/sparse-wheel.ts';
import { scanFile } from '../../../../packages/guard/src/inspect/inspect-file.ts';
import { wheelOf } from '../../../support/pip/packages.ts';
import { tgz } from '../../../support/pkg.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let folder: string;
freshFolder((made) => (folder = made));

describe('inspectFile', () => {
  it('inspects with what it is given', () => {
    const path = join(folder, 'a.tgz');
    writeFileSync(path, tgz({ name: 'a', version: '1.0.0' }));
    expect(scanFile(path, {})).toMatchObject({ path, verdict: { status: 'accept' } });
    const expected = { name: 'b', version: '1.0.0' };
    expect(scanFile(path, { expected })).toMatchObject({ path, verdict: { status: 'reject' } });
  });

  it('takes the name of the file for that of the package, unless another is known', () => {
    const { bytes, fileName } = wheelOf({ name: 'clean' });
    const path = join(folder, 'spooled');
    writeFileSync(path, bytes);
    const unnamed = scanFile(path, { format: 'wheel' });
    expect(unnamed).toMatchObject({ verdict: { status: 'reject' } });
    const named = scanFile(path, { format: 'wheel', expected: { fileName } });
    expect(named).toMatchObject({ verdict: { status: 'accept' } });
  });

  it('inspects nothing but the bytes of the file after a larger one', () => {
    const verdicts = ['large', 'a', 'large'].map((name) => {
      const path = join(folder, `${name}.tgz`);
      const files = { 'noise.bin': randomBytes(name === 'a' ? 10 : 3_000_000) };
      const bytes = tgz({ name, version: '1.0.0', files });
      writeFileSync(path, bytes);
      const sha512 = createHash('sha512').update(bytes).digest('hex');
      return [scanFile(path, {}), { path, verdict: { status: 'accept', archive: { sha512 } } }];
    });
    expect(verdicts.map(([result]) => result)).toMatchObject(verdicts.map(([, wanted]) => wanted));
  });

  it('tells why there is no verdict', () => {
    expect(scanFile(join(folder, 'gone.tgz'), {})).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
    expect(scanFile(folder, {})).toMatchObject({ error: { code: 'NOT_A_FILE' } });
  });

  it('reads no file that is too large', () => {
    const path = join(folder, 'large.tgz');
    writeFileSync(path, '');
    // A hole: it takes no room on disk.
    truncateSync(path, MAX_ARCHIVE_FILE_BYTES + 1);
    expect(scanFile(path, {})).toMatchObject({
      error: { code: 'TOO_LARGE', message: 'larger than 512 MiB, so it was not read' },
    });
  });

  it('reads no wheel that is too large', () => {
    const path = join(folder, 'fixture-1.0.0-py3-none-any.whl');
    writeFileSync(path, '');
    truncateSync(path, MAX_WHEEL_FILE_BYTES + 1);
    expect(scanFile(path, {})).toMatchObject({
      error: { code: 'TOO_LARGE', message: 'larger than 4096 MiB, so it was not read' },
    });
  });

  it('reads a large wheel in parts, with the same verdict', () => {
    const path = join(folder, 'fixture-1.0.0-py3-none-any.whl');
    for (const crcOff of [0, 1]) {
      writeSparseWheel(path, WHEEL_IN_MEMORY_BYTES, crcOff);
      const expected = { fileName: 'fixture-1.0.0-py3-none-any.whl' };
      const verdict = inspect(readFileSync(path), { format: 'wheel', expected });
      expect(scanFile(path, {})).toEqual({ path, verdict });
      expect(verdict.status).toBe(crcOff === 0 ? 'accept' : 'reject');
    }
  });

  it.skipIf(process.platform === 'win32')('does not wait for a fifo', () => {
    const path = join(folder, 'fifo.tgz');
    execFileSync('mkfifo', [path]);
    expect(scanFile(path, {})).toMatchObject({ error: { code: 'NOT_A_FILE' } });
  });

  it('takes a failure of the inspection for no verdict', () => {
    const path = join(folder, 'a.tgz');
    writeFileSync(path, tgz({ name: 'a', version: '1.0.0' }));
    const policy = {
      ...DEFAULT_POLICY,
      get limits(): never {
        throw new TypeError('broken\u001b[2J');
      },
    };
    expect(scanFile(path, { policy })).toMatchObject({
      error: { code: 'CRASHED', message: expect.stringContaining('broken\\x1b[2J') as string },
    });
  });
});
