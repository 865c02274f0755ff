/** Helpers that the tests of `tarwarden audit --store` share. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import { program } from '../cli/sandbox.ts';

/** A file below a folder, by the end of its path. */
export function find(folder: string, end: RegExp): string {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const found = all.find((path) => end.test(path));
  if (found === undefined) throw new RangeError(`nothing ends with ${String(end)}`);
  return join(folder, found);
}

export function gate(cwd: string, env: NodeJS.ProcessEnv): Promise<Result> {
  return execute(process.execPath, [program, 'audit', '--store'], { cwd, env });
}

export function expectClean({ code, stdout }: Result): void {
  expect(stdout).toContain(
    'exit 0 because nothing in the caches differs from what the lockfiles pin',
  );
  expect(code).toBe(0);
}

/** @param said The package, and the file that differs. */
export function expectNamed({ code, stdout }: Result, ...said: readonly (string | RegExp)[]): void {
  for (const text of said) expect(stdout).toMatch(text);
  expect(stdout).toContain('exit 1 because 1 package was rejected');
  expect(code).toBe(1);
}
