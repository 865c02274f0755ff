import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { writeSuite, type SuiteManifest } from './write-suite.ts';

/** Milliseconds on a machine that has other things to do. Writing takes three seconds of processor time. */
const HOOK_TIMEOUT = 120_000;

/** Writes the suite into a temporary folder before the tests of a file, and removes it after them. */
export function useWrittenSuite(use: (folder: string, manifest: SuiteManifest) => void): void {
  let folder: string;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-test-')));
    use(folder, writeSuite(folder));
  }, HOOK_TIMEOUT);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
}
