import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** Makes a temporary folder before each test, passes its real path to `use`, and removes it after the test. */
export function freshFolder(use: (folder: string) => unknown): void {
  let folder: string;
  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-test-')));
    await use(folder);
  });
  // A server that a test has closed may still finish writing a file.
  afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
}
