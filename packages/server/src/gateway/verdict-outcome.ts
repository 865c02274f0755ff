import type { Verdict } from '@tarwarden/core';
import { exceptionLines } from '@tarwarden/core/report';
import { rejected } from '@tarwarden/guard';
import { archiveLabel, type ArchiveIdentity } from './wanted.ts';

/** Whether a verdict lets an archive pass, and the reason if it does not. */
export interface VerdictOutcome {
  readonly accepted: boolean;
  /** The reason for a refusal. */
  readonly reason?: string;
  /** A line for each exception that lets it pass; absent if none is needed. */
  readonly exceptions?: readonly string[];
  /** SHA-256 of METADATA in an accepted wheel, in lower-case hex. */
  readonly document?: string;
}

export function outcomeOf(verdict: Verdict, identity: ArchiveIdentity): VerdictOutcome {
  const exceptions = exceptionLines(verdict);
  const document = verdict.manifest?.declares?.['document'];
  return verdict.status === 'accept'
    ? {
        accepted: true,
        ...(exceptions.length > 0 && { exceptions }),
        ...(typeof document === 'string' && { document }),
      }
    : {
        accepted: false,
        reason: rejected(verdict, { label: archiveLabel(identity) }).headline,
      };
}
