/* Gets an archive at an address that the user typed. */
import { quote } from '@tarwarden/core/text';
import { noBytes, OFFLINE } from '../archives.ts';
import { userFor } from '../ecosystems/authorization.ts';
import { downloadArchive } from '../ecosystems/download.ts';
import { PipCredentials, pipConfig } from '../ecosystems/pypi/indexes.ts';
import { isPlainFileName, lastPart } from '../ecosystems/pypi/simple-index.ts';
import { sourcesFor } from '../sources.ts';
import type { NamedPackageOptions, NamedResult } from './named-archive.ts';

const PYPI_FILE = /\.(?:whl|tar\.gz|zip)$/i;

/** Files of Python get the credentials that pip has for their host. Other tokens are for registries, and are not sent. */
export async function archiveAt(
  address: string,
  { env, offline, fileName }: NamedPackageOptions,
): Promise<NamedResult> {
  if (offline) return OFFLINE;
  const requestedUrl = new URL(address);
  const archiveName = fileName ?? lastPart(requestedUrl);
  if (!isPlainFileName(archiveName))
    return noBytes(`${quote(archiveName)} is not the name of a file`, 'name the archive by --file');
  const pip = PYPI_FILE.test(archiveName) ? new PipCredentials(pipConfig(env), env) : undefined;
  const { settings } = sourcesFor(undefined, { env, offline });
  const { byPlace: _, ...network } = settings.registriesFor('package-lock').settingsFor(address);
  const options = {
    url: address,
    fileName: archiveName,
    authorizationFor: (to: URL) => pip?.authorizationFor(to, address) ?? userFor(to, requestedUrl),
    settings: network,
    integrity: undefined,
  };
  const download = await downloadArchive(options, noBytes);
  return 'code' in download ? download : { ...download, fileName: archiveName, expected: {} };
}
