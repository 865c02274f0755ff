/** What holds for whatever bytes a reader is given. */
import { isDeepStrictEqual } from 'node:util';
import {
  DEFAULT_LIMITS,
  DEFAULT_POLICY,
  inspect,
  type Format,
  type InspectOptions,
  type Limits,
  type Policy,
  type Verdict,
} from '@tarwarden/core';
import { printable } from '@tarwarden/core/text';
import { MAX_FINDINGS, MAX_FINDINGS_PER_RULE } from '../../../packages/core/src/limits.ts';
import { cut, told } from '../../support/told.ts';
import { shown } from '../check.ts';

/** A promise that was not kept. `code` tells one from another, so that a smaller input can be held to the same. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly code: string;

  constructor(code: string, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}

export function must(code: string, holds: boolean, detail: string): void {
  if (!holds) throw new Broken(code, detail);
}

/** Limits that small archives reach. The ratio has none below 16 MiB, and so is left. */
const TIGHT: Limits = {
  ...DEFAULT_LIMITS,
  entries: 3,
  unpackedBytes: 6000,
  depth: 4,
  pathBytes: 40,
  manifestBytes: 80,
};

/** The default policy; by its bits, with links that stay inside allowed, and with limits that small archives reach. */
export function policyOf(bits: number): Policy {
  return {
    ...DEFAULT_POLICY,
    links: (bits & 1) === 0 ? 'reject' : 'contained',
    limits: (bits & 2) === 0 ? DEFAULT_LIMITS : TIGHT,
  };
}

/** Characters of one message: some quoted texts, each escaped. */
const MAX_MESSAGE_CHARS = 8192;

/** Inspects bytes and holds the verdict against its contract. */
export function inspectChecked(bytes: Buffer, options: InspectOptions = {}): Verdict {
  const verdict = inspect(bytes, options);
  const { status, findings, omitted, archive } = verdict;
  must('status', status === 'accept' || status === 'reject', String(status));
  const errors = findings.filter(({ level }) => level === 'error').length;
  must('accepted-with-error', status !== 'accept' || errors === 0, JSON.stringify(findings));
  must('rejected-unsaid', status !== 'reject' || errors + omitted > 0, JSON.stringify(findings));
  must('findings', findings.length <= MAX_FINDINGS, `${findings.length} findings`);
  must('omitted', Number.isSafeInteger(omitted) && omitted >= 0, String(omitted));
  const perRule = new Map<string, number>();
  for (const { rule, message } of findings) {
    const count = (perRule.get(rule) ?? 0) + 1;
    perRule.set(rule, count);
    must('findings-per-rule', count <= MAX_FINDINGS_PER_RULE, rule);
    must('message-length', message.length <= MAX_MESSAGE_CHARS, `${message.length} of ${rule}`);
    must('message-escaped', printable(message, message.length) === message, rule);
  }
  must('compressed-bytes', archive.compressedBytes === bytes.length, `${archive.compressedBytes}`);
  must('entries', archive.entries <= DEFAULT_LIMITS.entries, `${archive.entries}`);
  return verdict;
}

/**
 * The verdict must not depend on the pieces in which the compressed bytes are read, nor what the reader of the
 * unpacked bytes tells on how those are cut. Each input tries one of the two: the first length says which.
 */
export function inspectInPieces(
  archive: { tgz: Buffer; tar: Buffer },
  lengths: readonly number[],
  policy: Policy = DEFAULT_POLICY,
): void {
  const [first = 1] = lengths;
  const verdict = inspectChecked(archive.tgz, { policy });
  if (first % 2 === 0) sameVerdict(archive.tgz, verdict, { policy, pieceBytes: first });
  else sameHoweverCut(archive.tar, lengths);
}

export function sameVerdict(
  tgz: Buffer,
  verdict: Verdict,
  how: { readonly pieceBytes: number; readonly policy?: Policy; readonly format?: Format },
): void {
  const { pieceBytes } = how;
  const pieces = shown(inspect(tgz, how));
  const whole = shown(verdict);
  must('pieces', pieces === whole, `${pieceBytes} bytes each: ${pieces}\nwhole: ${whole}`);
}

function sameHoweverCut(tar: Buffer, lengths: readonly number[]): void {
  const whole = told([tar]);
  const pieces = told(cut(tar, lengths));
  must(
    'cuts',
    isDeepStrictEqual(pieces, whole),
    `cut at ${lengths.join(', ')}: ${JSON.stringify(pieces)}\nwhole: ${JSON.stringify(whole)}`,
  );
}
