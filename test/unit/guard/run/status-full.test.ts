import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { NPM_STATUS, report } from '../../../../packages/guard/src/run/status.ts';

/** A disk that is full as long as the file beside lies there. */
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const appendFileSync: typeof fs.appendFileSync = (file, data) => {
    if (fs.existsSync(join(dirname(String(file)), 'reserve'))) throw new Error('ENOSPC');
    fs.appendFileSync(file, data);
  };
  return { ...fs, appendFileSync };
});

test('what the guard says on a full disk takes the room that was set aside', () => {
  const root = mkdtempSync(join(tmpdir(), 'tarwarden-'));
  try {
    const [file, reserve] = [join(root, 'status'), join(root, 'reserve')];
    for (const path of [file, reserve]) writeFileSync(path, '');
    report({ TARWARDEN_NPM_STATUS: file }, NPM_STATUS, { event: 'blocked', subject: 'bad' });
    expect(existsSync(reserve)).toBe(false);
    expect(readFileSync(file, 'utf8')).toContain('"bad"');
  } finally {
    rmSync(root, { recursive: true });
  }
});
