/** Verdicts for tests of single rules. */
import { inspect, type Finding, type InspectOptions, type Verdict } from '@tarwarden/core';
import { expect } from 'vitest';
import { tgz } from './pkg.ts';
import type { Part } from './tar.ts';

export interface Inspected extends Verdict {
  /** The findings of one code. */
  of(code: string): Finding[];
}

/** Inspects an archive as a registry's `fixture@1.0.0`, whole and in small pieces, which must not matter. */
export function inspected(bytes: Uint8Array, options: InspectOptions = {}): Inspected {
  const all: InspectOptions = { expected: { name: 'fixture', version: '1.0.0' }, ...options };
  const verdict = inspect(bytes, all);
  if (bytes.length < 64 * 1024 && ofCode(verdict.findings, 'gzip-corrupt').length === 0)
    expect(inspect(bytes, { ...all, pieceBytes: 7 })).toEqual(verdict);
  return { ...verdict, of: (code) => ofCode(verdict.findings, code) };
}

/** The findings of one code, or of a rule that is about one problem alone. */
export function ofCode(findings: readonly Finding[], wanted: string): Finding[] {
  return findings.filter(({ rule, code = rule }) => code === wanted);
}

/** Nothing has this code, and the archive is accepted. */
export function expectSilent(verdict: Inspected, code: string): void {
  expect(verdict.of(code)).toEqual([]);
  expect(verdict.status).toBe('accept');
}

/** Findings of this code are what is expected, and the archive is rejected. */
export function expectRejected(verdict: Inspected, code: string, expected: object): void {
  expect(verdict.of(code)).toMatchObject(expected);
  expect(verdict.status).toBe('reject');
}

/** A package with entries after its own two, so that the first is entry 2 at offset 2048. */
export function packageWith(...entries: readonly Part[]): Buffer {
  return tgz({ entries });
}
