import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readNpmrc, readText } from '../../../../packages/host/src/project/settings-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarwarden-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, 'settings');
  writeFileSync(path, text);
  return path;
}

it('reads names of an .npmrc with their variables', () => {
  expect(readNpmrc(file('a-${X:-b}=true\n'), {})).toEqual({ 'a-b': true });
});

it('has no text of what is missing or no file', () => {
  mkdirSync(join(folder, 'inner'));
  expect([readText(join(folder, 'none')), readText(join(folder, 'inner'))]).toEqual([
    undefined,
    undefined,
  ]);
});
