import { hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { inspect, inspectAs, npmTarball } from '@tarwarden/core/npm';
import type { Verdict } from '@tarwarden/core';
import type { Conversion, Converted, ThreadOptions } from '@tarwarden/guard';
import { ZipWriter } from './zip-writer.ts';

/**
 * Inspects a tarball, and makes the archive of Yarn's cache from the entries that were inspected. Writes the archive if the tarball has no
 * finding, if the archive has the SHA-512 that the lockfile demands, and if it has no finding either. So it is the archive that Yarn would
 * make, and Yarn need not make it.
 */
export function convert(
  bytes: Uint8Array,
  options: Omit<ThreadOptions, 'format'>,
  { file, prefixPath, stripComponents, demanded, inspection }: Conversion,
): Converted {
  const receiver = new ZipWriter(prefixPath, stripComponents);
  const verdict = inspectAs(npmTarball, bytes, { ...options, receiver });
  const zip = isClean(verdict) ? receiver.end() : undefined;
  if (zip === undefined || hash('sha512', zip) !== demanded) return { verdict };
  const inspected =
    inspection &&
    inspect(zip, {
      ...inspection,
      format: 'yarn-zip',
      sha512: demanded,
      convertedFrom: verdict.archive.sha512,
    });
  if (inspected !== undefined && !isClean(inspected)) return { verdict };
  try {
    writeFileSync(file, zip);
  } catch {
    // Yarn writes the file itself, and reports the problem.
    return { verdict };
  }
  return { verdict, archive: { sha512: demanded, verdict: inspected } };
}

function isClean({ status, findings }: Verdict): boolean {
  return status === 'accept' && findings.length === 0;
}
