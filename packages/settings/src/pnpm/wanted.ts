/* The pnpm that a project wants. pnpm downloads it and lets it run in its own place, before it loads any pnpmfile. */
import { parse, satisfies, valid, validRange } from 'semver';
import { asRecord, readManifest } from '../files.ts';
import { lookUp, type Layers } from '../layer.ts';
import { majorOf } from './version.ts';

/** Another pnpm than the one that is started. */
export interface OtherPnpm {
  /** A version or a range. */
  readonly wanted: string;
  /** Whether it runs then. If not, pnpm stops. */
  readonly isDownloaded: boolean;
}

/** Undefined if this version goes on by itself. */
export function wantedPnpm(version: string, root: string, layers: Layers): OtherPnpm | undefined {
  const { wanted, onFail } = wantedIn(readManifest(root), majorOf(version));
  if (wanted === undefined || isSatisfied(version, wanted)) return undefined;
  const action = settingOf(version, layers) ?? onFail ?? 'download';
  if (action !== 'download' && action !== 'error') return undefined;
  return { wanted, isDownloaded: action === 'download' };
}

interface WantedVersion {
  readonly wanted?: string;
  readonly onFail?: unknown;
}

/** pnpm 10 knows `packageManager` alone. Later versions take `devEngines` first. */
function wantedIn(manifest: Manifest, major: number): WantedVersion {
  const { packageManager, devEngines } = manifest;
  const engines = major < 11 ? undefined : asRecord(devEngines)['packageManager'];
  const all = [engines].flat().map(asRecord);
  const at = Math.max(
    all.findIndex(({ name }) => name === 'pnpm'),
    0,
  );
  const { name, version, onFail } = all[at] ?? {};
  if (Boolean(name) && name !== 'pnpm') return {};
  const usual = Array.isArray(engines)
    ? { onFail: at === all.length - 1 ? 'error' : 'ignore' }
    : {};
  const range = typeof version === 'string' ? version.replace(/\+.*$/, '') : undefined;
  if (name === 'pnpm' && range !== undefined && validRange(range) !== null)
    return { wanted: range, ...usual, ...(onFail !== undefined && { onFail }) };
  // Where the range is none, pnpm 12 takes this, unlike pnpm 11.
  const text = typeof packageManager === 'string' ? packageManager : '';
  const exact = valid(/^pnpm@([^+:]+)(?:\+.*)?$/.exec(text)?.[1] ?? '');
  return exact === null ? {} : { wanted: exact };
}

type Manifest = Readonly<Record<string, unknown>>;

/** A newest version of a kind (`11.99.0`) stands for all of them. */
function isSatisfied(version: string, wanted: string): boolean {
  return (
    version === wanted || satisfies(version, wanted, { includePrerelease: parse(wanted) === null })
  );
}

/** The word of the settings. pnpm 10 has a switch for it, and pnpm 12 still takes that from a variable. */
function settingOf(version: string, layers: Layers): unknown {
  const major = majorOf(version);
  const keeps = lookUp(layers, 'managePackageManagerVersions');
  const isOff = keeps?.value === false;
  if (major < 11) return isOff ? 'ignore' : undefined;
  const isCounted = major > 11 && keeps?.origin.kind === 'variable';
  return lookUp(layers, 'pmOnFail')?.value ?? (isCounted && isOff ? 'ignore' : undefined);
}
