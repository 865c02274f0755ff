import { inspect } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';

import { attacks, cleanOddities } from '../../support/attacks.ts';

const NAME = 'fixture';
const VERSION = '1.0.0';
const expected = { name: NAME, version: VERSION };

describe('every attack is found by name', () => {
  it.each(attacks.map((attack) => [attack.id, attack] as const))('%s', (_id, attack) => {
    const verdict = inspect(attack.build({ name: NAME, version: VERSION }), { expected });
    const found = verdict.findings.map((finding) => `${finding.level} ${finding.rule}`);
    for (const rule of attack.rule) expect(found).toContain(`${attack.level} ${rule}`);
    expect(verdict.status).toBe(attack.level === 'error' ? 'reject' : 'accept');
  });
});

describe('what real packages have passes', () => {
  it.each(cleanOddities.map((oddity) => [oddity.id, oddity] as const))('%s', (_id, oddity) => {
    const verdict = inspect(oddity.build({ name: NAME, version: VERSION }), { expected });
    expect(verdict.findings.filter((finding) => finding.level === 'error')).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
