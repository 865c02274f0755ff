/** Trees of npx on a disk that takes no file: made elsewhere, unless something else failed. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type * as Fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { npxFolderInstead } from '../../../packages/npm-wrapper/src/npx-folder.ts';
import { errno, fail, faults, noFaults } from '../../support/fs-faults.ts';

vi.mock('node:fs', async (original) => {
  const { withFaults } = await import('../../support/fs-faults.ts');
  return withFaults(await original<typeof Fs>());
});

let folder: string;
let temporary: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarwarden-npx-cache-'));
  temporary = mkdtempSync(join(tmpdir(), 'tarwarden-npx-temporary-'));
  vi.stubEnv('TMPDIR', temporary);
  noFaults();
});
afterEach(() => {
  noFaults();
  for (const one of [folder, temporary]) rmSync(one, { recursive: true, force: true });
});

it.each(['ENOSPC', 'EDQUOT'])('%s: elsewhere', (code) => {
  expect(dirname(npxFolderInstead(folder, errno(code)) ?? '')).toBe(temporary);
});

it.each(['EROFS', 'ENOENT'])('%s, and no file can be written there', (code) => {
  faults.before['writeFileSync'] = fail(1, code);
  const other = npxFolderInstead(folder, errno(code, 'mkdir'));
  expect(dirname(other ?? '')).toBe(temporary);
  expect(readdirSync(other ?? '')).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});

it('stays where a file can be written', () => {
  expect(npxFolderInstead(folder, errno('ENOENT', 'open'))).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

it.each([
  ['a program that is missing', errno('ENOENT', 'spawn x')],
  ['a program that failed', Object.assign(new Error('failed'), { code: 1, cmd: 'x' })],
  ['a refusal', Object.assign(new Error('refused'), { code: 'ETARWARDEN' })],
  ['another failure', errno('EIO', 'open')],
  ['nothing', undefined],
])('has none instead for %s', (_title, error) => {
  faults.before['writeFileSync'] = fail(1, 'ENOSPC');
  expect(npxFolderInstead(folder, error)).toBeUndefined();
  expect(faults.calls['writeFileSync']).toBeUndefined();
});
