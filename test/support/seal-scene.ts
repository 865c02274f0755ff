/** A folder on the disk with something of each kind, and its seal. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import {
  checkSeal,
  removeFolder,
  writeSeal,
  type CheckedSeal,
  type SealOptions,
} from '../../packages/guard/src/seal/index.ts';

export interface SealScene {
  /** The temporary folder of the test. */
  readonly root: string;
  readonly folder: string;
  /** A path below the folder. */
  readonly at: (...path: string[]) => string;
  readonly write: (more?: Partial<SealOptions>) => ReturnType<typeof writeSeal>;
  readonly check: (more?: Partial<SealOptions>) => Promise<CheckedSeal>;
  readonly dispose: () => void;
}

/** Ten entries, with 300,016 bytes. */
export function makeSealScene(): SealScene {
  const root = mkdtempSync(join(tmpdir(), 'tarwarden-seal-'));
  const folder = join(root, 'one', 'cache');
  const at = (...path: string[]): string => join(folder, ...path);
  for (const path of ['sub/deep', 'empty']) mkdirSync(at(path), { recursive: true });
  writeFileSync(at('index.js'), 'clean\n');
  writeFileSync(at('sub/tool'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(at('sub/deep/zero'), '');
  writeFileSync(at('sub-file'), 'x'.repeat(300_000));
  symlinkSync('sub/tool', at('link'));
  symlinkSync(join(folder, 'index.js'), at('absolute'));
  symlinkSync('nowhere', at('dangling'));
  const options: SealOptions = {
    folder,
    use: 'test',
    key: Buffer.alloc(32, 1),
    startThread: () => {
      throw new Error('no thread is needed for so few files');
    },
    onProgress: () => undefined,
  };
  return {
    root,
    folder,
    at,
    write: async (more) => writeSeal({ ...options, ...more }),
    check: async (more) => checkSeal({ ...options, ...more }),
    dispose: () => removeFolder(root),
  };
}

/** The differences as text, or the status with its reason. */
export function outcome(checked: CheckedSeal): string {
  if (checked.status !== 'not-whole') return checked.status;
  const list = checked.differences.map(({ is, path, what }) =>
    [is, path.toString('latin1'), ...(what === undefined ? [] : [`(${what})`])].join(' '),
  );
  expect(checked.differenceCount).toBe(list.length);
  return checked.reason ?? list.join(', ');
}
