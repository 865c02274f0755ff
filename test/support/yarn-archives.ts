/** What is around the gate in Yarn's cache: a cache that a test drives, and a guard that notes what it is asked. */
import { yarnSubject } from '../../packages/yarn-plugin/src/subject.ts';
import { createHash } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { interceptAll } from '../../packages/guard/src/run/intercept.ts';
import { live, locator, yarnCore, type Archive, type YarnCore } from './yarn-core.ts';

export const sha512 = (text: string): string => createHash('sha512').update(text).digest('hex');
export const CONTENT = 'the archive that Yarn made';
export const HASH: string = sha512(CONTENT);
export const TARBALL: string = sha512('the tarball');
export const subject = {
  label: 'a@1.0.0',
  expected: { name: 'a', version: '1.0.0' },
  hasTarball: true,
};

function guardOf() {
  return {
    knows: vi.fn((_archive: string, _subject: unknown) => false),
    knowsBefore: vi.fn((_archive: string, _subject: unknown) => false),
    archive: vi.fn(async (_bytes: Uint8Array, _subject: unknown, _of: unknown) => undefined),
    freshArchive: vi.fn(
      async (_file: string, _subject: unknown, _of: unknown): Promise<unknown> => undefined,
    ),
    wantsTarball: vi.fn((_archive: string, _subject: unknown): string | undefined => undefined),
    sameContent: vi.fn((_one: Uint8Array, _other: Uint8Array) => false),
  };
}

vi.mock('../../packages/yarn-plugin/node_modules/@yarnpkg/core', async () =>
  (await import('./yarn-core.ts')).liveCore(),
);

/** One cache under guard, in a folder of its own. */
class Scene {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-archives-')));
  readonly file: string = join(this.folder, 'a.zip');
  readonly guard = guardOf();
  readonly cache: InstanceType<YarnCore['Cache']>;
  readonly guards = {
    for: vi.fn(async (_configuration: unknown) => this.guard),
    isRefusal: vi.fn((_error: unknown) => false),
    words: { note: () => undefined, subject: yarnSubject },
    notInspected: async ({ label }: { label: string }, ...words: readonly string[]) =>
      new Error([label, ...words].join(': ')),
  };
  readonly fetches = {
    during: vi.fn((_of: unknown, _by: unknown, act: () => Promise<unknown>, _archive?: object) =>
      act(),
    ),
  };
  readonly tarballs = {
    behind: vi.fn(
      async (
        _file: string,
        _guard: unknown,
        _subject: unknown,
        _known?: string,
      ): Promise<{ sha512: string; archive?: { sha512: string } } | undefined> => ({
        sha512: TARBALL,
      }),
    ),
  };
  /** Times that Yarn's handle was given back, and that the archive was written. */
  released = 0;
  saved = 0;
  /** Times that the archive was closed and not written. */
  discarded = 0;

  constructor({ Archives, interceptsOf }: Gate) {
    live.core = yarnCore();
    const archives = new Archives(this as never);
    interceptAll(interceptsOf({ archives } as never), { replaced: new WeakSet() });
    this.cache = new live.core.Cache();
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** An archive that Yarn has just made, not yet on disk. */
  made(content: string = CONTENT): Archive {
    return {
      getRealPath: () => this.file,
      saveAndClose: () => {
        this.saved += 1;
        writeFileSync(this.file, content);
      },
      discardAndClose: () => {
        this.discarded += 1;
      },
    };
  }

  /** What Yarn's cache returns of the file. */
  found(checksum: string | null = `10c0/${HASH}`) {
    return [{ getRealPath: () => this.file }, () => (this.released += 1), checksum] as [
      { getRealPath(): string },
      () => void,
      string | null,
    ];
  }

  fetch(options: object = {}) {
    return this.cache.fetchPackageFromCache(locator, `10c0/${HASH}`, options);
  }
}

export type { Scene };

type Gate = typeof import('../../packages/yarn-plugin/src/archives.ts') &
  typeof import('../../packages/yarn-plugin/src/intercepts.ts');

/** A cache under guard, anew for each test. */
export async function openScene(): Promise<Scene> {
  const archives = await import('../../packages/yarn-plugin/src/archives.ts');
  const intercepts = await import('../../packages/yarn-plugin/src/intercepts.ts');
  return new Scene({ ...archives, ...intercepts });
}
