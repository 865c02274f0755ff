import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../packages/core/src/policy/json-source.ts';
import { parsePolicy } from '../../../packages/core/src/policy/parse.ts';
import { policyJsonSchema } from '../../support/policy-schema.ts';

const sha512 = 'a'.repeat(128);
const exception = {
  package: '@scope/name@1.0.0',
  rule: 'symlink',
  entry: 'package/link',
  sha512,
  reason: 'reviewed',
  expires: '2027-01-31',
};

function problems(policy: unknown): string[] {
  const parsed = parsePolicy(parseJson(JSON.stringify(policy)));
  return parsed.ok ? [] : parsed.problems.map((one) => one.message);
}

describe('the policy file', () => {
  it.each([
    [{}],
    [{ $schema: './schema.json' }],
    [{ levels: { symlink: 'error', 'duplicate-path-identical': 'off', hardlink: 'note' } }],
    [{ links: 'contained', limits: { entries: 1, ratio: 10 } }],
    [{ exceptions: [exception] }],
    [{ exceptions: [{ ...exception, entry: '' }] }],
    [{ exceptions: [{ ...exception, expires: '2028-02-29' }] }],
  ])('takes %j', (policy) => {
    expect(problems(policy)).toEqual([]);
  });

  it.each([
    [[], ['the policy must be an object']],
    ['text', ['the policy must be an object']],
    [null, ['the policy must be an object']],
    [{ level: {} }, ['level is not a known key (did you mean "levels"?)']],
    [{ levels: [] }, ['levels must be an object']],
    [{ levels: { symlnk: 'off' } }, ['levels.symlnk is not a known key (did you mean "symlink"?)']],
    [
      { levels: { symlink: 'warn' } },
      ['levels.symlink must be "error", "warning", "note", "off" or "default"'],
    ],
    [
      { levels: { symlink: ['off'] } },
      ['levels.symlink must be "error", "warning", "note", "off" or "default"'],
    ],
    [{ levels: { constructor: 'off' } }, ['levels.constructor is not a known key']],
    [{ links: 'allow' }, ['links must be "reject" or "contained"']],
    [{ limits: { entries: 0 } }, ['limits.entries must be a whole number, 1 or more']],
    [{ limits: { entries: 1.5 } }, ['limits.entries must be a whole number, 1 or more']],
    [{ limits: { entries: '5' } }, ['limits.entries must be a whole number, 1 or more']],
    [{ limits: { entrys: 5 } }, ['limits.entrys is not a known key (did you mean "entries"?)']],
    [{ exceptions: {} }, ['exceptions must be a list']],
    [{ exceptions: [[]] }, ['exceptions[0] must be an object']],
    [
      { exceptions: [{ ...exception, package: 'name@^1.0.0 || 2' }] },
      ['exceptions[0].package must be one exact version, "name@version"'],
    ],
    [
      { exceptions: [{ ...exception, rule: 'symlinks' }] },
      ['exceptions[0].rule is not the id of a rule (did you mean "symlink"?)'],
    ],
    [{ exceptions: [{ ...exception, rule: '*' }] }, ['exceptions[0].rule is not the id of a rule']],
    [
      { exceptions: [exception, { ...exception, sha512: sha512.toUpperCase() }] },
      ['exceptions[1].sha512 must be 128 lower-case hex digits'],
    ],
    [
      { exceptions: [{ ...exception, reason: ' ' }] },
      ['exceptions[0].reason must be a reason in words'],
    ],
    [
      { exceptions: [{ ...exception, expires: '2027-02-30' }] },
      ['exceptions[0].expires must be a day that exists'],
    ],
    [
      { exceptions: [{ ...exception, expires: 'never' }] },
      ['exceptions[0].expires must be a date, YYYY-MM-DD'],
    ],
    [{ exceptions: [{ ...exception, until: 'x' }] }, ['exceptions[0].until is not a known key']],
    [
      { links: 1, limits: { depth: -1 } },
      ['links must be "reject" or "contained"', 'limits.depth must be a whole number, 1 or more'],
    ],
  ])('refuses %j', (policy, expected) => {
    expect(problems(policy)).toEqual(expected);
  });

  it.each(['package', 'rule', 'sha512', 'reason', 'expires'])('needs %s in an exception', (key) => {
    const rest = Object.fromEntries(Object.entries(exception).filter(([name]) => name !== key));
    expect(problems({ exceptions: [rest] })).toEqual([`exceptions[0].${key} is missing`]);
  });

  it('escapes what it quotes', () => {
    expect(problems({ '\u001b[2J': 1 })).toEqual(['"\\x1b[2J" is not a known key']);
  });
});

describe('the published JSON schema', () => {
  it('is the one that the code gives (write it anew with `node scripts/run-ts.mjs scripts/policy-schema.ts`)', () => {
    const published: unknown = JSON.parse(readFileSync('schema/tarwarden.schema.json', 'utf8'));
    expect(published).toEqual(policyJsonSchema());
  });
});
