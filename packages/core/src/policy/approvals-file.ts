/* The user's file of approvals, beside the user's policy file. It says which exceptions of repositories count. */
import * as v from 'valibot';
import { exceptionHash } from './approval.ts';
import { parseException } from './parse.ts';
import type { Exception } from './policy.ts';

export interface Approval {
  /** `user`: approved on this machine. A later version may add other kinds; this version ignores them. */
  readonly kind: string;
  /** Hash of the exception, see {@link exceptionHash}. Only the hash is approved, and not the fields beside it. */
  readonly hash: string;
  /** The exception itself, for people who read the file. */
  readonly exception?: Exception;
}

const HASH = /^[0-9a-f]{64}$/;

export function isExceptionHash(text: string): boolean {
  return HASH.test(text);
}

const fileSchema = v.strictObject({
  version: v.literal(1),
  approvals: v.array(
    v.looseObject({
      kind: v.string(),
      hash: v.pipe(v.string(), v.regex(HASH)),
      exception: v.optional(v.unknown()),
    }),
  ),
});

/** Reads the parsed JSON of a file of approvals. Undefined if it is not valid, or if a hash does not match its exception. */
export function parseApprovals(value: unknown): readonly Approval[] | undefined {
  const read = v.safeParse(fileSchema, value);
  if (!read.success) return undefined;
  const approvals: Approval[] = [];
  for (const { kind, hash, exception } of read.output.approvals) {
    const known = exception === undefined ? undefined : parseException(exception);
    const isWrong =
      exception !== undefined && (known === undefined || exceptionHash(known) !== hash);
    if (isWrong && kind === 'user') return undefined;
    approvals.push({ kind, hash, ...(known !== undefined && !isWrong && { exception: known }) });
  }
  return approvals;
}

export function approvalsText(approvals: readonly Approval[]): string {
  return `${JSON.stringify({ version: 1, approvals }, null, 2)}\n`;
}
