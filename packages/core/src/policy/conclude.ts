import { formatIdentity } from './package-identity.ts';
import type { Policy } from './policy.ts';
import type { FindingLog } from './finding-log.ts';
import { withDigest } from '../finding/digest.ts';
import type { Ecosystem, Format } from '../finding/format.ts';
import type {
  ArchiveFacts,
  ManifestFacts,
  UndigestedVerdict,
  Verdict,
} from '../finding/verdict.ts';

/** Facts about an inspected archive, without its findings. */
export interface ArchiveToConclude {
  readonly format: Format;
  readonly ecosystem: Ecosystem;
  /** SHA-512 of the compressed bytes, in hex. Undefined if the caller defers it. */
  readonly sha512: string | undefined;
  readonly size: Pick<ArchiveFacts, 'compressedBytes' | 'unpackedBytes' | 'entries'>;
  /** The identity that the package claims. */
  readonly claimed: ManifestFacts | undefined;
  /** The identity that the client requested. Without it, the identity that the package claims counts. */
  readonly expected: ManifestFacts;
}

/** Weighs the observations in the log by a policy, and makes the verdict. */
export function conclude(
  log: FindingLog,
  policy: Policy,
  inspected: ArchiveToConclude,
): Verdict | UndigestedVerdict {
  const { format, ecosystem, sha512, size, claimed, expected } = inspected;
  const name = expected.name ?? claimed?.name;
  const version = expected.version ?? claimed?.version;
  const outcome = log.weigh(policy, {
    package: formatIdentity(name, version),
    sha512,
    ecosystem,
    format,
  });
  const verdict: UndigestedVerdict = {
    status: outcome.rejected ? 'reject' : 'accept',
    format,
    findings: outcome.findings,
    omitted: outcome.omitted,
    archive: size,
    ...(claimed && {
      manifest: {
        ...(claimed.name !== undefined && { name: claimed.name }),
        ...(claimed.version !== undefined && { version: claimed.version }),
        ...(claimed.declares && { declares: claimed.declares }),
      },
    }),
  };
  return sha512 === undefined ? verdict : withDigest(verdict, sha512);
}
