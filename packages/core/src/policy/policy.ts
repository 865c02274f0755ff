import type { Limits } from '../limits.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import type { RuleId } from '../catalogue/index.ts';
import type { Approver, Level } from '../finding/verdict.ts';
import type { LinksPolicy } from '../rules/rule.ts';

/** A narrow, dated way out for one finding of one exact archive. */
export interface Exception {
  /** `name@version`, compared whole and byte for byte. */
  readonly package: string;
  readonly rule: RuleId;
  /** Entry path as the archive spells it. Absent: every finding of the rule in this archive. */
  readonly entry?: string;
  /** SHA-512 of the compressed archive, lower-case hex. */
  readonly sha512: string;
  readonly reason: string;
  /** Last day on which it holds, `YYYY-MM-DD`, UTC. */
  readonly expires: string;
}

/** An exception that counts. */
export interface HeldException extends Exception {
  /** Absent: the user. */
  readonly approvedBy?: Approver;
}

/** What a verdict is measured by. Plain data: no function, no pattern. */
export interface Policy {
  /**
   * Set where a rejected archive is only reported, and installed all the same. No verdict depends on it, but what a guard
   * remembers of a run does.
   */
  readonly mode?: 'report';
  /** Levels that differ from the rules' own. */
  readonly levels: Readonly<Partial<Record<RuleId, Level | 'off'>>>;
  readonly links: LinksPolicy;
  readonly limits: Limits;
  readonly exceptions: readonly HeldException[];
  /** Exceptions of the repository that the user has not approved. They let nothing pass; a refusal names them. */
  readonly proposals?: readonly Exception[];
  /** The day that exceptions are measured against, `YYYY-MM-DD`, UTC. Given by the caller, so that inspection stays pure. */
  readonly today: string;
}

/** The policy where nobody configured one. */
export const DEFAULT_POLICY: Policy = {
  levels: {},
  links: 'reject',
  limits: DEFAULT_LIMITS,
  exceptions: [],
  today: '9999-12-31',
};
