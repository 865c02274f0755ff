/** Inspected bytes where a disk takes no more: they go elsewhere, or the refusal says why. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type * as Fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WaitingTarballs } from '../../../packages/pnpm-hook/src/handoff/private-files.ts';
import { errno, fail, faults, noFaults } from '../../support/fs-faults.ts';

vi.mock('node:fs', async (original) => {
  const { withFaults } = await import('../../support/fs-faults.ts');
  return withFaults(await original<typeof Fs>());
});

let folder: string;
let tarballs: WaitingTarballs;
beforeEach(() => {
  tarballs = new WaitingTarballs();
  folder = mkdtempSync(join(tmpdir(), 'tarwarden-disk-'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  vi.stubEnv('TMPDIR', folder);
  noFaults();
});
afterEach(() => {
  noFaults();
  rmSync(folder, { recursive: true, force: true });
});

it.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES'])('%s in the cache: elsewhere', (code) => {
  faults.before['writeFileSync'] = fail(1, code);
  const waiting = tarballs.keep(Buffer.from('inspected'));
  const path = waiting.file();
  expect(path.startsWith(join(folder, 'tarwarden-pnpm-'))).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe('inspected');
  waiting.discard();
});

it('throws any other failure', () => {
  faults.before['writeFileSync'] = fail(1, 'EIO');
  expect(() => tarballs.keep(Buffer.from('inspected')).file()).toThrow('EIO');
});

it.each(['ENOSPC', 'EDQUOT'])('%s everywhere: not installed, with every place named', (code) => {
  faults.before['writeFileSync'] = () => {
    throw errno(code);
  };
  const refusal = { name: 'TarwardenError', code: 'ERR_PNPM_TARWARDEN_NOT_INSPECTED' };
  const file = (): string => tarballs.keep(Buffer.from('inspected')).file();
  expect(file).toThrow(expect.objectContaining(refusal));
  expect(file).toThrow(`no file can be written in ${folder} (${code})`);
});
