import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkElsewhere } from '../../../packages/pnpm-hook/src/check/elsewhere.ts';
import { checkProject } from '../../../packages/pnpm-hook/src/self-check.ts';
import type { Settings } from '../../../packages/pnpm-hook/src/check/read-settings.ts';

function found(settings: Settings, major?: string): string[] {
  const codes: string[] = [];
  checkElsewhere({ file: 'f', settings }, { directory: '/project', major, env: {} }, (code) =>
    codes.push(code),
  );
  return codes;
}

describe('checkElsewhere', () => {
  it.each([
    [{ lockfileDir: './l' }, undefined, 'pnpmfile-elsewhere'],
    [{ 'lockfile-dir': '..' }, '10', 'pnpmfile-elsewhere'],
    [{ lockfileDirectory: '/elsewhere' }, '12', 'pnpmfile-elsewhere'],
    [{ sharedWorkspaceLockfile: false }, undefined, 'pnpmfile-elsewhere'],
    [{ 'shared-workspace-lockfile': 'false' }, '11', 'pnpmfile-elsewhere'],
    [{ include: { './more.yaml': '*' } }, undefined, 'settings-elsewhere'],
    [{ include: ['./more.yaml'] }, '12', 'settings-elsewhere'],
  ])('finds %j for pnpm %s', (settings, major, code) => {
    expect(found(settings, major)).toEqual([code]);
  });

  it.each([
    [{ lockfileDir: './' }, '11'],
    [{ lockfileDir: '/project' }, '11'],
    [{ sharedWorkspaceLockfile: true }, '11'],
    [{ sharedWorkspaceLockfile: false }, '10'],
    [{ sharedWorkspaceLockfile: false }, '12'],
    [{ include: { './more.yaml': '*' } }, '11'],
    [{ includeWorkspaceRoot: true, overrides: { include: '1' } }, '12'],
  ])('takes %j for pnpm %s', (settings, major) => {
    expect(found(settings, major)).toEqual([]);
  });

  it('is asked of files, with the pnpm that package.json names', () => {
    const directory = mkdtempSync(join(tmpdir(), 'tarwarden-elsewhere-'));
    const codes = (): string[] =>
      checkProject(directory, { HOME: join(directory, 'home') }).map(({ code }) => code);
    writeFileSync(join(directory, 'pnpm-workspace.yaml'), 'include: {./more.yaml: "*"}\n');
    expect(codes()).toContain('settings-elsewhere');
    writeFileSync(join(directory, 'package.json'), '{"packageManager":"pnpm@11.28.10"}');
    expect(codes()).not.toContain('settings-elsewhere');
    rmSync(directory, { recursive: true });
  });
});
