import { formatIdentity } from './package-identity.ts';
import type { Policy } from './policy.ts';
import type { FindingLog } from './finding-log.ts';
import type { Format } from '../finding/format.ts';
import type { ArchiveFacts, ManifestFacts, Verdict } from '../finding/verdict.ts';

/** What was found out about an archive. */
export interface Judged {
  readonly format: Format;
  /** SHA-512 of the compressed bytes. */
  readonly digest: Buffer;
  readonly size: Pick<ArchiveFacts, 'compressedBytes' | 'unpackedBytes' | 'entries'>;
  /** What a readable package.json claims. */
  readonly claimed: ManifestFacts | undefined;
  /** Identity that was asked for; what the archive claims stands in where nobody asked. */
  readonly expected: ManifestFacts;
}

/** Weighs what the log holds by a policy, and makes the verdict of it. */
export function conclude(log: FindingLog, policy: Policy, judged: Judged): Verdict {
  const { format, digest, size, claimed, expected } = judged;
  const sha512 = digest.toString('hex');
  const name = expected.name ?? claimed?.name;
  const version = expected.version ?? claimed?.version;
  const outcome = log.weigh(policy, {
    package: formatIdentity(name, version),
    sha512,
  });
  return {
    status: outcome.rejected ? 'reject' : 'accept',
    format,
    findings: outcome.findings,
    omitted: outcome.omitted,
    archive: { sha512, integrity: `sha512-${digest.toString('base64')}`, ...size },
    ...(claimed && {
      manifest: {
        ...(claimed.name !== undefined && { name: claimed.name }),
        ...(claimed.version !== undefined && { version: claimed.version }),
      },
    }),
  };
}
