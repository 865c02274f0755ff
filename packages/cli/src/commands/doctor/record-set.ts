import { fileURLToPath } from 'node:url';
import { sourcesFor } from '@tarwarden/audit';
import { loadRecords, OSV, updateRecords, withLastUpdate, type RecordSet } from '@tarwarden/doctor';
import { isDocumentUrl } from '@tarwarden/host';
import { TarwardenError } from '@tarwarden/core';
import { withoutTrailing } from '@tarwarden/core/text';
import { type Values, UsageError } from '@tarwarden/host/command-line';
import type { DOCTOR_OPTIONS } from './definition.ts';

/** The records to compare with: the shipped ones, and the records of OSV if this user has asked OSV. */
export async function recordSetFor(
  values: Values<typeof DOCTOR_OPTIONS>,
  mainUrl: string,
): Promise<RecordSet> {
  const shipped = loadRecords(fileURLToPath(new URL('./advisories.json', mainUrl)));
  const from = values['update-from'];
  if (values.update !== true && from === undefined) return withLastUpdate(shipped, process.env);
  const address = withoutTrailing(from ?? OSV, '/');
  if (!isDocumentUrl(address))
    throw new UsageError('--update-from takes an https address without credentials', 'doctor');
  try {
    // The user's own proxy and authorities. Settings of a project must not decide where advisories come from.
    const { settings } = sourcesFor(undefined, { env: process.env, offline: false });
    const network = settings.registriesFor('package-lock').settingsFor(address);
    return await updateRecords(shipped, {
      address,
      settings: { ...network, userAgent: 'tarwarden doctor' },
      env: process.env,
      now: new Date(),
    });
  } catch (error) {
    if (!(error instanceof TarwardenError)) throw error;
    const message = `the advisories were not updated, and are as before: ${error.message}`;
    throw new TarwardenError(error.code, message, { cause: error });
  }
}
