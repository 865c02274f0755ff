/* Makes the claims of an index from the words that a guard has seen. */
import type { Claim } from '@tarwarden/core/policy';
import { gemEntryStatements, metadataFileClaim, specifierKey } from '@tarwarden/core/metadata';
import { pathInHex, type ArchiveQuestion, type IndexWords } from './protocol.ts';
import { readSeenArchive } from './read-archive.ts';

/** @throws ArchiveFileError if the metadata file is not the one that the client has read. */
export function indexClaims({
  sha256,
  words = {},
}: Pick<ArchiveQuestion, 'sha256' | 'words'>): Claim[] {
  return [
    ...pageClaim(words),
    ...metadataClaim(words),
    ...gemClaim(words.indexEntry, 'the compact index', sha256),
    ...gemClaim(words.indexGemspec, 'the quick index', sha256),
  ];
}

function pageClaim({ requiresPython }: IndexWords): Claim[] {
  if (requiresPython === undefined) return [];
  const python = specifierKey(requiresPython);
  return [{ ecosystem: 'pypi', by: 'the page of the index', says: { python } }];
}

function metadataClaim({ metadataPathHex, metadataSha256 }: IndexWords): Claim[] {
  if (metadataPathHex === undefined) return [];
  const read = readSeenArchive(pathInHex(metadataPathHex), {
    sha256: metadataSha256 ?? '',
    inParts: false,
  });
  return 'bytes' in read ? [metadataFileClaim(read.bytes, 'the metadata file of the index')] : [];
}

function gemClaim(entry: string | undefined, by: string, own: string): Claim[] {
  if (entry === undefined) return [];
  const { says, sha256: said } = gemEntryStatements(entry);
  const checksum = said !== undefined && { checksum: { said, own } };
  return [{ ecosystem: 'rubygems', by, says, ...checksum }];
}
