/* Gets an archive at an address that the user typed. */
import { printable, quote, redactUrl } from '@tarwarden/core/text';
import { OFFLINE } from '../bytes/offline.ts';
import { noBytes } from '../ecosystems/archives.ts';
import { userOf } from '../ecosystems/authorization.ts';
import { downloadArchive } from '../ecosystems/download.ts';
import { isPlainFileName, lastPart } from '../ecosystems/pypi/simple-index.ts';
import { sourcesFor } from '../sources.ts';
import type { NamedPackageOptions, NamedResult } from './named-archive.ts';

/** Only a user and password in the address itself are sent: the user's tokens are for registries. */
export async function archiveAt(
  address: string,
  { env, offline, fileName }: NamedPackageOptions,
): Promise<NamedResult> {
  if (offline) return OFFLINE;
  const asked = new URL(address);
  const named = fileName ?? lastPart(asked);
  if (!isPlainFileName(named))
    return noBytes(`${quote(named)} is not the name of a file`, 'name the archive by --file');
  const { settings } = sourcesFor(undefined, { env, offline });
  const { byPlace: _, ...network } = settings.registriesFor('package-lock').settingsFor(address);
  try {
    const { content, dispose } = await downloadArchive({
      url: address,
      fileName: named,
      authorizationFor: (to) => (to.origin === asked.origin ? userOf(asked) : undefined),
      settings: network,
      integrity: undefined,
    });
    return {
      content,
      fileName: named,
      expected: {},
      from: 'registry',
      address: redactUrl(address),
      dispose,
    };
  } catch (error) {
    return noBytes(printable(redactUrl((error as Error).message), 2048));
  }
}
