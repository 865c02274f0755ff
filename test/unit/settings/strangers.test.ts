/** The message about a file of another user is the same for all clients. */
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { strangersFileRefusal } from '@tarwarden/settings';

it.skipIf(process.getuid?.() !== 0)('names the file, ten things in it, and what to do', () => {
  const root = mkdtempSync(join(tmpdir(), 'tarwarden-strangers-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const [file, folder] = [join(root, 'file'), join(root, 'mine')];
  writeFileSync(file, '');
  mkdirSync(folder);
  const takes = (): string[] => ['a\u{1B}[2Jb', ...Array.from({ length: 11 }, (_, at) => `s${at}`)];
  const refusal = (): string | undefined =>
    strangersFileRefusal('npm', [{ file, takes }], { folder, home: join(root, 'home') });
  expect(refusal()).toBe(undefined);
  chownSync(file, 54_321, 54_321);
  expect(refusal()?.split('\n')).toEqual([
    `npm was not run: ${file} belongs to uid 54321`,
    expect.stringMatching(/^npm would take from it: a[^\u{1B}]+b, s0, .*, s8, and 2 more$/u),
    'what to do: remove that file, or move the project to another folder: one that only you can write to, with no file of another user above it',
  ]);
});
