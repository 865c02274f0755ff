/* Gets the tarball of one version from npm's registries. */
import { documentClaim, type NpmClaim } from '@tarwarden/core/metadata';
import type { NamedVersion } from '@tarwarden/core/policy';
import { printable, redactUrl } from '@tarwarden/core/text';
import { hasIntegrity } from '@tarwarden/host';
import type { LoadedSettings } from '@tarwarden/settings';
import { downloadRemedy } from '../bytes/registry.ts';
import { asObject, versionDocument, type NpmDocument } from '../npm-document.ts';
import { obtainBytes, type ByteSources } from '../obtain.ts';
import type { LockfileEntry } from '../plan.ts';
import type { NotInspectedReason } from '../result.ts';
import { sourcesFor } from '../sources.ts';
import type { LockedNamedPackage } from './in-lockfiles.ts';
import type { NamedPackage, NamedResult } from './named-archive.ts';
import { unlockedEntry } from './unlocked-entry.ts';

/** Bytes of the document of one version, or of all versions. The largest of the public registry has some 30 million. */
const DOCUMENT_BYTES_MAX = 64 * 1024 * 1024;
/** Milliseconds for each try of a document. */
const DOCUMENT_TIME_LIMIT = 120_000;

/** The facts of a version that its registry publishes. */
interface Dist {
  readonly tarball: string;
  /** Subresource Integrity. Absent if the registry publishes none. */
  readonly integrity?: string;
  readonly claim: NpmClaim;
}

export async function npmArchive(
  { request, options }: NamedPackage,
  { folder, entries, kind = 'package-lock' }: LockedNamedPackage,
): Promise<NamedResult> {
  const all = sourcesFor(folder, { env: options.env, offline: options.offline });
  // Zips in the project are made by Yarn, and may have been committed by anybody. The registry's own tarball is wanted.
  const caches = all.caches.filter(({ isCommitted }) => isCommitted !== true);
  const sources: ByteSources = { ...all, caches, isPinned: false };
  const pinned = entries.find(({ locked }) => locked.integrity?.type === 'sri');
  const known = pinned && (await pinnedArchive(pinned, { sources, request }));
  if (known !== undefined && !('code' in known)) return known;
  if (options.offline) return known ?? OFFLINE_UNLOCKED;
  const dist = await versionDist(request, { settings: sources.settings, kind });
  if ('code' in dist) return known ?? dist;
  const { tarball: url, integrity, claim } = dist;
  const entry = unlockedEntry(request, { kind, folder, url, integrity });
  const found = await archiveOf(entry, { sources, request });
  if ('code' in found) return found;
  const spoken = { ...found, claims: [claim] };
  return pinned === undefined ? spoken : { ...spoken, locked: lockedIn(pinned, found.content) };
}

/** From a cache that has the bytes of the lockfile, else from its address, which may have other bytes by now. */
async function pinnedArchive(
  entry: LockfileEntry,
  { sources, request }: { readonly sources: ByteSources; readonly request: NamedVersion },
): Promise<NamedResult> {
  const cached = await archiveOf(entry, { sources: { ...sources, offline: true }, request });
  if (!('code' in cached) || sources.offline) return cached;
  const { integrity: _, ...locked } = entry.locked;
  const found = await archiveOf({ ...entry, locked }, { sources, request });
  return 'code' in found ? found : { ...found, locked: lockedIn(entry, found.content) };
}

async function archiveOf(
  entry: LockfileEntry,
  { sources, request }: { readonly sources: ByteSources; readonly request: NamedVersion },
): Promise<NamedResult> {
  const { name, version } = request;
  const found = await obtainBytes([entry], sources, () => undefined);
  if ('code' in found) return found;
  const { bytes: content, from, address, format } = found;
  return {
    content,
    fileName: `${name.slice(name.indexOf('/') + 1)}-${version}.tgz`,
    format,
    expected: { name, version },
    from,
    address,
    ...(entry.locked.claim && { claims: [entry.locked.claim] }),
    ...(entry.lockfile !== undefined && { locked: lockedIn(entry, content) }),
  };
}

function lockedIn(
  { locked: { integrity, line }, place }: LockfileEntry,
  content: Buffer | string,
): NonNullable<Exclude<NamedResult, NotInspectedReason>['locked']> {
  const lockfile = 'lockfile' in place ? place.lockfile : place.file;
  const isSame =
    integrity?.type === 'sri' &&
    typeof content !== 'string' &&
    hasIntegrity(content, integrity.value);
  return { lockfile, line, isSame };
}

async function versionDist(
  request: NamedVersion,
  { settings, kind }: { readonly settings: LoadedSettings; readonly kind: string },
): Promise<Dist | NotInspectedReason> {
  const { name } = request;
  const registries = settings.registriesFor(kind);
  const address = `${registries.registryOf(name).replace(/\/?$/, '/')}${name.replace('/', '%2f')}`;
  try {
    const document = await versionDocument(request, address, {
      settings: registries.settingsFor(address),
      timeLimit: DOCUMENT_TIME_LIMIT,
      bytesMax: DOCUMENT_BYTES_MAX,
    });
    return distIn(document);
  } catch (failure) {
    const why = failure instanceof Error ? failure.message : String(failure);
    const message = printable(redactUrl(why), 2048);
    return { code: 'NO_BYTES', message, remedy: downloadRemedy(failure) };
  }
}

/** @throws an error if the document has no address of the archive. */
function distIn(document: NpmDocument): Dist {
  const { tarball, integrity, shasum } = asObject(document['dist']);
  if (typeof tarball !== 'string' || !URL.canParse(tarball))
    throw new Error("its registry's document has no address of its archive");
  const claim = documentClaim(document, false);
  if (typeof integrity === 'string' && integrity.trim() !== '')
    return { tarball, integrity: integrity.trim(), claim };
  if (typeof shasum !== 'string' || !/^[0-9a-f]{40}$/.test(shasum)) return { tarball, claim };
  const sha1 = Buffer.from(shasum, 'hex').toString('base64');
  return { tarball, integrity: `sha1-${sha1}`, claim };
}

const OFFLINE_UNLOCKED: NotInspectedReason = {
  code: 'NO_BYTES',
  message:
    'no lockfile of this project pins it, so no cache can be asked for it, and nothing is downloaded with --offline',
};
