import { describe, expect, it } from 'vitest';
import { problems } from '../../../packages/core/src/catalogue/index.ts';
import type { Code } from '../../../packages/core/src/catalogue/index.ts';
import { weigh } from '../../../packages/core/src/policy/finding-log.ts';
import {
  DEFAULT_POLICY,
  type Exception,
  type Policy,
} from '../../../packages/core/src/policy/policy.ts';

const named = { package: 'a@1.0.0', sha512: 'aa' };
const subject = { ...named, ecosystem: 'npm' } as const;
const weighed = (code: Code, policy: Partial<Policy> = {}, entry?: string) =>
  weigh(problems[code], entry, {
    policy: { ...DEFAULT_POLICY, today: '2026-06-15', ...policy },
    weighedPackage: subject,
  });
const exception: Exception = {
  ...named,
  rule: 'symlink',
  reason: 'known',
  expires: '2026-06-15',
};

describe('the level of a finding', () => {
  it('is the rule’s own, or the policy’s', () => {
    expect(weighed('symlink')).toEqual({ level: 'error' });
    expect(weighed('repeated-directory')).toEqual({ level: 'warning' });
    expect(weighed('duplicate-path-identical')).toEqual({ level: 'note' });
    expect(weighed('symlink', { levels: { symlink: 'warning' } })).toEqual({ level: 'warning' });
    expect(weighed('symlink', { levels: { hardlink: 'off' } })).toEqual({ level: 'error' });
    expect(weighed('symlink', { levels: { symlink: 'off' } })).toBeUndefined();
  });

  const stopping = (Object.keys(problems) as Code[]).filter(
    (code) => problems[code].stopsReading === true,
  );
  it.each(stopping)(
    'is an error for %s, whatever the policy says: the rest was not read',
    (code) => {
      for (const level of ['off', 'note', 'warning'] as const)
        expect(weighed(code, { levels: { [problems[code].id]: level } })).toEqual({
          level: 'error',
        });
    },
  );
});

describe('an exception', () => {
  const excepts = (change: Partial<Exception>, entry?: string): boolean =>
    weighed('symlink', { exceptions: [{ ...exception, ...change }] }, entry)?.excepted === 'known';

  it('covers the rule in these bytes, to its last day', () => {
    expect(excepts({})).toBe(true);
    expect(excepts({}, 'package/link')).toBe(true);
    expect(excepts({ entry: 'package/link' }, 'package/link')).toBe(true);
  });

  it.each([
    ['pypi', 'Flask_X@1.0.0', 'flask-x@1.0', true],
    ['pypi', 'flask@1.0', 'flask@1.0.1', false],
    ['npm', 'Flask@1.0.0', 'flask@1.0.0', false],
    ['go', 'a.com/B@v1.0.0', 'a.com/b@v1.0.0', false],
  ] as const)('of %s for %s covers %s: %s', (ecosystem, excepted, asked, covered) => {
    const exceptions = [{ ...exception, package: excepted }];
    const policy = { ...DEFAULT_POLICY, today: '2026-06-15', exceptions };
    const weight = weigh(problems['invalid-size'], undefined, {
      policy: {
        ...policy,
        exceptions: exceptions.map((one) => ({ ...one, rule: 'ambiguous-size' })),
      },
      weighedPackage: { package: asked, ecosystem, sha512: named.sha512 },
    });
    expect(weight?.excepted === 'known').toBe(covered);
  });

  it.each<[string, Partial<Exception>]>([
    ['rule', { rule: 'hardlink' }],
    ['archive', { sha512: 'ab' }],
    ['package', { package: 'a@1.0.1' }],
    ['entry', { entry: 'package/other' }],
    ['day', { expires: '2026-06-14' }],
  ])('covers no other %s', (_title, change) => {
    expect(excepts(change, 'package/link')).toBe(false);
  });
});
