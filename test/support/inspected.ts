/** Verdicts for tests of single rules. */
import { inspect, type Finding, type InspectOptions, type Verdict } from '@tarwarden/core';
import { expect } from 'vitest';
import { tgz } from './pkg.ts';
import type { Part } from './tar.ts';

export interface Inspected extends Verdict {
  /** The findings of one rule. */
  of(rule: string): Finding[];
}

/** Inspects an archive as a registry's `fixture@1.0.0`, whole and in small pieces, which must not matter. */
export function inspected(bytes: Uint8Array, options: InspectOptions = {}): Inspected {
  const all: InspectOptions = { expected: { name: 'fixture', version: '1.0.0' }, ...options };
  const verdict = inspect(bytes, all);
  if (bytes.length < 64 * 1024 && !verdict.findings.some(({ rule }) => rule === 'gzip-corrupt'))
    expect(inspect(bytes, { ...all, pieceBytes: 7 })).toEqual(verdict);
  return { ...verdict, of: (rule) => verdict.findings.filter((one) => one.rule === rule) };
}

/** The rule finds nothing, and the archive is accepted. */
export function expectSilent(verdict: Inspected, rule: string): void {
  expect(verdict.of(rule)).toEqual([]);
  expect(verdict.status).toBe('accept');
}

/** The rule finds what is expected, and the archive is rejected. */
export function expectRejected(verdict: Inspected, rule: string, expected: object): void {
  expect(verdict.of(rule)).toMatchObject(expected);
  expect(verdict.status).toBe('reject');
}

/** A package with entries after its own two, so that the first is entry 2 at offset 2048. */
export function packageWith(...entries: readonly Part[]): Buffer {
  return tgz({ entries });
}
