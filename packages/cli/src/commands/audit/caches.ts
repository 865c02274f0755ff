/* `tarwarden audit --cache`: archives of caches as `scan` inspects them, and what other caches unpacked. */
import { auditCaches, cachePlaces, sourcesFor, type AuditResult } from '@tarwarden/audit';
import type { Ecosystem, Format, Policy } from '@tarwarden/core';
import type { ScanResult } from '@tarwarden/core/report';
import { inputsOf, type Input } from '../../archives/inputs.ts';
import { inspectAll } from '../../archives/pool.ts';
import { auditOptions } from '../../archives/inspection-threads.ts';

/** One run of `tarwarden audit`. */
export interface AuditRun {
  readonly policy: Policy;
  readonly offline: boolean;
  readonly installed: boolean;
  readonly mainUrl: string;
  /** Lines that are shown to the user at the end. */
  readonly notes: Set<string>;
  /** Whether a folder or cache that was to be audited is empty. Then the exit code is not 0. */
  isEmpty: boolean;
}

export async function* cacheResults(run: AuditRun): AsyncGenerator<AuditResult> {
  const { policy, mainUrl, offline } = run;
  const sources = sourcesFor(undefined, { env: process.env, offline });
  const places = cachePlaces(sources.settings, process.env);
  const all = Object.values(places).flat();
  if (all.length === 0) {
    run.notes.add('no cache of npm, Yarn, pnpm, bun, go or RubyGems found');
    run.isEmpty = true;
  }
  const threadUrl = new URL('./scan-thread.js', mainUrl).href;
  for await (const result of inspectAll(inputs(places.archives), {
    inspection: { policy },
    threadUrl,
  }))
    yield ofScan(result);
  yield* auditCaches(places, { ...sources, ...auditOptions(run) });
}

async function* inputs(folders: readonly string[]): AsyncGenerator<Input> {
  // A file of a cache that is not named like an archive is not one.
  for (const folder of folders) yield* inputsOf(folder, { linkedFolders: 0, empty: [] });
}

type Origin = Pick<Extract<AuditResult, { status: 'inspected' }>, 'from'> & {
  readonly ecosystem: Ecosystem;
};

const ORIGINS: Readonly<Record<Format, Origin>> = {
  npm: { from: 'npm-cache', ecosystem: 'npm' },
  'yarn-zip': { from: 'yarn-zip', ecosystem: 'npm' },
  gem: { from: 'gem-cache', ecosystem: 'rubygems' },
  gomod: { from: 'go-cache', ecosystem: 'go' },
  // No cache has archives of these formats.
  sdist: { from: 'file', ecosystem: 'pypi' },
  wheel: { from: 'file', ecosystem: 'pypi' },
};

/** The archive itself names its package, because no name in a cache can be relied on. */
function ofScan(result: ScanResult): AuditResult {
  const about = { places: [{ file: result.path }], checks: [] };
  if ('error' in result) {
    const { code, message } = result.error;
    const error = { code: code === 'CRASHED' ? code : 'NO_BYTES', message } as const;
    return { ...about, status: 'not-inspected', error };
  }
  const { verdict } = result;
  const { name = '', version = '' } = verdict.manifest ?? {};
  const { from, ecosystem } = ORIGINS[verdict.format];
  const named = { ecosystem, name, version };
  return { ...about, package: named, status: 'inspected', verdict, from };
}
