import { hash } from 'node:crypto';
import type { ExpectedPackage, Format } from '@tarwarden/core';

/** Everything that a verdict depends on. */
export interface VerdictQuestion {
  /** SHA-512 of the archive file, 128 lower-case hex digits. */
  readonly sha512: string;
  readonly format: Format;
  /** Name, version and file name that the archive is inspected against. Absent if none is known. */
  readonly expected?: ExpectedPackage;
  /** `RULESET` of the core. */
  readonly ruleset: string;
  /** Fingerprint of the policy: 64 lower-case hex digits. */
  readonly policy: string;
}

/** The name of a question's verdict in a store: SHA-256 of the whole question, 64 lower-case hex digits. */
export function addressOf({ sha512, format, expected, ruleset, policy }: VerdictQuestion): string {
  const { name = null, version = null, fileName = null } = expected ?? {};
  return hash(
    'sha256',
    JSON.stringify(['verdict', sha512, format, name, version, fileName, ruleset, policy]),
  );
}
