/* Gets the document that an npm registry has about one version of a package. */
import type { NamedVersion } from '@tarwarden/core/policy';
import { fetchTarball, isNoRoute, type NetworkSettings } from '@tarwarden/guard';
import { asRecord } from '@tarwarden/clients/settings';

type VersionName = Pick<NamedVersion, 'name' | 'version'>;

export type NpmDocument = Readonly<Record<string, unknown>>;

/** The registry answered, and has no document of the version. */
class NoDocumentError extends Error {}

/** Whether {@link versionDocument} failed because the registry has no document of the version. */
export function hasNoDocument(error: unknown): boolean {
  return error instanceof NoDocumentError || isNoRoute(error);
}

/**
 * The registry's document of one version, else that of all versions: some registries have only the second.
 *
 * @param address The address of the document of all versions.
 * @throws TarwardenError FETCH_FAILED, or an error with which {@link hasNoDocument} is true.
 */
export async function versionDocument(
  { name, version }: VersionName,
  address: string,
  limits: {
    readonly settings: NetworkSettings;
    /** Milliseconds for each try. */
    readonly timeLimit: number;
    readonly bytesMax: number;
  },
): Promise<NpmDocument> {
  let failure: unknown = new NoDocumentError('its registry has no such version');
  for (const url of [`${address}/${encodeURIComponent(version)}`, address]) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- the second address is asked if the first has nothing
      const bytes = await fetchTarball({ url, name, ...limits });
      const document = documentIn(bytes, { name, version });
      if (document !== undefined) return document;
    } catch (error) {
      failure = error;
      if (!isNoRoute(error)) break;
    }
  }
  throw failure;
}

/** Undefined for bytes that are no document of this version, such as the page of a proxy. */
function documentIn(bytes: Buffer, { name, version }: VersionName): NpmDocument | undefined {
  const document = asRecord(parsed(bytes));
  const versions = asRecord(document['versions']);
  const candidate = Object.hasOwn(versions, version) ? asRecord(versions[version]) : document;
  return candidate['name'] === name && candidate['version'] === version ? candidate : undefined;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
