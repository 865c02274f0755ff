import { inspect } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { wheelAttacks, wheelOddities } from '../../support/attacks/wheel.ts';
import { wheelTextAttacks } from '../../support/attacks/wheel-texts.ts';

function found(bytes: Buffer, fileName: string): string[] {
  const verdict = inspect(bytes, {
    format: 'wheel',
    expected: { name: 'fixture', version: '1.0.0', fileName },
  });
  return verdict.findings.map(({ level, rule }) => `${level} ${rule}`);
}

describe('every hostile wheel is rejected by name', () => {
  it.each([...wheelAttacks, ...wheelTextAttacks])('$name', ({ bytes, fileName, rules }) => {
    const errors = found(bytes, fileName);
    for (const rule of rules) expect(errors).toContain(`error ${rule}`);
  });
});

describe('its twin is accepted', () => {
  it.each([...wheelAttacks, ...wheelTextAttacks])('$name', ({ twin }) => {
    const fileName = 'fixture-1.0.0-py3-none-any.whl';
    expect(found(twin, fileName).filter((one) => one.startsWith('error'))).toEqual([]);
  });
});

describe('what real wheels do is accepted', () => {
  it.each(wheelOddities)('$name', ({ bytes, fileName }) => {
    const verdict = inspect(bytes, { format: 'wheel', expected: { fileName } });
    expect(verdict.findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});

it('reports what METADATA claims', () => {
  const verdict = inspect(wheelOddities[0]!.bytes, { format: 'wheel' });
  expect(verdict.manifest).toMatchObject({ name: 'fixture', version: '1.0.0' });
  expect(verdict.findings).toEqual([]);
});

it('rejects what is not a zip', () => {
  const verdict = inspect(Buffer.from('x'), { format: 'wheel' });
  expect(verdict.findings.map(({ rule }) => rule)).toEqual(['zip-damaged']);
});
