/* The claims of a Simple API about a file: `requires-python` on the page, and the metadata file beside a wheel (PEP 658). */
import { metadataFileClaim, specifierKey } from '@tarwarden/core/metadata';
import type { Claim } from '@tarwarden/core/policy';
import { isNotFound } from '@tarwarden/host';
import { printable, redactUrl } from '@tarwarden/core/text';
import { noBytes, type ClaimsFor } from '../archives.ts';
import type { PypiIndexFile } from './simple-index.ts';

/** @param fetch Fetches the metadata file. Only called if the page has no SHA-256 of it, or not that of METADATA in the wheel. */
export function pypiClaims(
  file: PypiIndexFile,
  fetch: (url: string) => Promise<Buffer>,
): ClaimsFor {
  return async ({ manifest }) => {
    const claims = pageClaims(file);
    const { metadata } = file;
    if (metadata === undefined || metadata === manifest?.declares?.['document']) return claims;
    try {
      const bytes = await fetch(metadataAddress(file));
      return [...claims, metadataFileClaim(bytes, 'the metadata file of the index')];
    } catch (error) {
      // The index does not have the file, so there is nothing to compare.
      if (isNotFound(error)) return claims;
      const why = printable(redactUrl((error as Error).message), 2048);
      return noBytes(`the metadata file that its index offers could not be compared: ${why}`);
    }
  };
}

function pageClaims({ requiresPython }: PypiIndexFile): Claim[] {
  if (requiresPython === undefined) return [];
  const says = { python: specifierKey(requiresPython) };
  return [{ ecosystem: 'pypi', by: 'the page of the index', says }];
}

function metadataAddress({ url }: PypiIndexFile): string {
  const address = new URL(url);
  address.pathname += '.metadata';
  return address.href;
}
