import { inspect, type Verdict } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { cleanSdists, sdistAttacks, type ArchiveCase } from '../../support/attacks/sdist.ts';

const inspected = ({ bytes, fileName }: ArchiveCase): Verdict =>
  inspect(bytes, { format: 'sdist', expected: { name: 'fixture', version: '1.0.0', fileName } });

describe('every hostile sdist is found by name', () => {
  it.each(sdistAttacks().map((one) => [one.name, one] as const))('%s', (_name, attack) => {
    const verdict = inspected(attack);
    const errors = verdict.findings.filter(({ level }) => level === 'error');
    expect([...new Set(errors.map(({ rule }) => rule))].toSorted()).toEqual(
      attack.rules.toSorted(),
    );
    expect(verdict.status).toBe('reject');
  });
});

describe('what real sdists have passes', () => {
  it.each(cleanSdists().map((one) => [one.name, one] as const))('%s', (_name, odd) => {
    const verdict = inspected(odd);
    expect(verdict.findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(verdict.status).toBe('accept');
    expect(verdict.manifest).toEqual({ name: 'fixture', version: '1.0.0' });
  });
});
