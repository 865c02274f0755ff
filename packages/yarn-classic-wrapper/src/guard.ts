/** Built as `guard.cjs`, which the preload loads into a Yarn 1. Programs that only inherit the preload never load it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  guardChildren,
  preloadsOf,
  refuseToRun,
  report,
  takeNonce,
  YARN_STATUS,
} from '@tarwarden/guard/run';
import type { YarnCopy } from './copies.ts';
import { edited, GUARD_KEY } from './edits.ts';
import { YarnGuard, type GuardReports, type OpenInspector } from './yarn-guard.ts';

type Inspector = typeof import('./inspector.ts');

const ADVICE = "use a Yarn 1.22 of npm's registry or corepack, or Yarn 3 or 4";

/** The source of a Yarn with the guard in it. Ends a Yarn that cannot be guarded. */
function guardedSource({ bundle, version }: YarnCopy): string {
  const result = edited(readFileSync(bundle));
  if ('source' in result) return result.source;
  return refuseToRun(
    'yarn',
    YARN_STATUS,
    `Yarn ${version} (${bundle}) cannot be guarded: ${result.problem}; ${ADVICE}`,
  );
}

function openInspector(...args: Parameters<OpenInspector>): ReturnType<OpenInspector> {
  const { YarnInspector } = createRequire(__filename)('./inspector.cjs') as Inspector;
  return new YarnInspector(...args);
}

/** Puts the guard into a Yarn that is about to be compiled. Returns the source that Node compiles instead. */
export function armCopy(copy: YarnCopy, preload: string): string {
  const source = guardedSource(copy);
  const nonce = takeNonce(process.env, YARN_STATUS);
  const preloads = preloadsOf(process.env['NODE_OPTIONS']).filter((file) => file !== preload);
  guardChildren(preload, ...preloads);
  const reports: GuardReports = {
    preload,
    runs: () => report(process.env, YARN_STATUS, { event: 'armed', nonce }),
    handsOver: () => {
      // The other Yarn needs the nonce to prove that it is guarded.
      if (nonce !== '') process.env[YARN_STATUS.nonce] = nonce;
    },
  };
  const guard = new YarnGuard(process.env, reports, openInspector);
  Object.defineProperty(globalThis, Symbol.for(GUARD_KEY), { value: guard });
  return source;
}
