/* Gets the tarball of one version from npm's registries. */
import { documentClaim, type NpmClaim } from '@tarwarden/core/metadata';
import type { NamedVersion } from '@tarwarden/core/policy';
import { asRecord, type LoadedSettings } from '@tarwarden/clients/settings';
import { failureText, noBytes } from '../archives.ts';
import { downloadRemedy, NpmPackages } from '../ecosystems/npm/npm-packages.ts';
import { versionDocument, type NpmDocument } from '../npm-document.ts';
import type { NotInspectedReason } from '../result.ts';
import { sourcesFor } from '../sources.ts';
import { archivesBy } from './finder-archives.ts';
import {
  lockedIn,
  unlockedEntry,
  type LockedNamedPackage,
  type NamedPackage,
  type NamedResult,
} from './named-archive.ts';

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

export async function* npmArchives(
  { request, options }: NamedPackage,
  { folder, entries, kind = 'package-lock' }: LockedNamedPackage,
): AsyncGenerator<NamedResult> {
  const sources = sourcesFor(folder, { env: options.env, offline: options.offline });
  const finder = new NpmPackages({ ...sources, isPinned: false }, kind);
  const wants = (): boolean => true;
  const { name, version } = request;
  const pinned = entries.find(({ locked }) => locked.integrity?.type === 'sri');
  let failure: NotInspectedReason | undefined;
  if (pinned !== undefined)
    for await (const result of archivesBy(finder, { entries: [pinned], wants })) {
      if (!('code' in result)) return yield { ...result, expected: { name, version } };
      failure ??= result;
    }
  if (options.offline) return yield failure ?? OFFLINE_UNLOCKED;
  const dist = await versionDist(request, { settings: sources.settings, kind });
  if ('code' in dist) return yield failure ?? dist;
  const { tarball: url, integrity, claim } = dist;
  const entry = unlockedEntry(request, { kind, folder, url, integrity });
  for await (const result of archivesBy(finder, { entries: [entry], wants }))
    yield 'code' in result
      ? result
      : {
          ...result,
          claims: [claim],
          ...(await lockedIn(entries, result.content)),
        };
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
    return noBytes(failureText(failure), downloadRemedy(failure));
  }
}

/** @throws an error if the document has no address of the archive. */
function distIn(document: NpmDocument): Dist {
  const { tarball, integrity, shasum } = asRecord(document['dist']);
  if (typeof tarball !== 'string' || !URL.canParse(tarball))
    throw new Error("its registry's document has no address of its archive");
  const claim = documentClaim(document, false);
  if (typeof integrity === 'string' && integrity.trim() !== '')
    return { tarball, integrity: integrity.trim(), claim };
  if (typeof shasum !== 'string' || !/^[0-9a-f]{40}$/.test(shasum)) return { tarball, claim };
  const sha1 = Buffer.from(shasum, 'hex').toString('base64');
  return { tarball, integrity: `sha1-${sha1}`, claim };
}

const OFFLINE_UNLOCKED = noBytes(
  'no lockfile of this project pins it, so no cache can be asked for it, and nothing is downloaded with --offline',
);
