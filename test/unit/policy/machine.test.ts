import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '@tarwarden/core';
import { exceptionHash } from '../../../packages/core/src/policy/approval.ts';
import { loosenings, mergePolicy, underMachine } from '../../../packages/core/src/policy/merge.ts';
import type { PolicyFile } from '../../../packages/core/src/policy/schema.ts';
import { parsePolicy } from '../../../packages/core/src/policy/parse.ts';
import { parseJson } from '../../../packages/core/src/policy/json-source.ts';

const TODAY = '2026-06-15';
const exception = {
  package: 'a@1.0.0',
  rule: 'symlink' as const,
  sha512: 'a'.repeat(128),
  reason: 'reviewed',
  expires: '2026-12-31',
};
const other = { ...exception, rule: 'duplicate-path' as const };

describe('the policy of the machine', () => {
  it('counts for a user without a policy, exceptions and presets too', () => {
    const machine: PolicyFile = {
      mode: 'report',
      preset: 'strict@1',
      levels: { symlink: 'warning' },
      links: 'contained',
      limits: { entries: 10 },
      contact: 'security@example.org',
      exceptions: [exception],
    };
    expect(mergePolicy({ machine }, TODAY)).toMatchObject({
      mode: 'report',
      presets: [{ name: 'strict@1', setBy: 'machine', file: 'policy.json' }],
      levels: { symlink: 'warning' },
      links: 'contained',
      limits: { ...DEFAULT_LIMITS, entries: 10 },
      contact: 'security@example.org',
      exceptions: [{ ...exception, approvedBy: 'machine' }],
    });
  });

  it.each<[string, PolicyFile, PolicyFile, object]>([
    [
      'a level',
      { levels: { symlink: 'error' } },
      { levels: { symlink: 'off' } },
      { levels: { symlink: 'error' } },
    ],
    [
      'the own level of a rule',
      { levels: { symlink: 'default' } },
      { levels: { symlink: 'warning' } },
      { levels: {} },
    ],
    [
      'a limit',
      { limits: { entries: 10 } },
      { limits: { entries: 11 } },
      { limits: { ...DEFAULT_LIMITS, entries: 10 } },
    ],
    ['links', { links: 'reject' }, { links: 'contained' }, { links: 'reject' }],
    ['links by a preset', { preset: 'strict@1' }, { links: 'contained' }, { links: 'reject' }],
    ['the mode', { mode: 'refuse' }, { mode: 'report' }, { levels: {} }],
  ])('holds %s against a user who loosens it', (_, machine, user, expected) => {
    const policy = mergePolicy({ machine, user }, TODAY);
    expect(policy).toMatchObject(expected);
    expect(policy).not.toHaveProperty('mode');
    expect(underMachine(user, machine).forbidden).toHaveLength(1);
  });

  it.each<[string, PolicyFile, PolicyFile, object]>([
    [
      'a level',
      { levels: { symlink: 'warning' } },
      { levels: { symlink: 'error' } },
      { levels: { symlink: 'error' } },
    ],
    [
      'a limit',
      { limits: { entries: 10 } },
      { limits: { entries: 9 } },
      { limits: { ...DEFAULT_LIMITS, entries: 9 } },
    ],
    ['links', { links: 'contained' }, { links: 'reject' }, { links: 'reject' }],
    [
      'what it does not name',
      { levels: { hardlink: 'error' } },
      { levels: { symlink: 'off' } },
      { levels: { hardlink: 'error', symlink: 'off' } },
    ],
  ])('lets a user change %s', (_, machine, user, expected) => {
    expect(mergePolicy({ machine, user }, TODAY)).toMatchObject(expected);
    expect(underMachine(user, machine).forbidden).toEqual([]);
  });

  it('lets a user refuse what the machine only reports', () => {
    const files = { machine: { mode: 'report' }, user: { mode: 'refuse' } } as const;
    expect(mergePolicy(files, TODAY)).not.toHaveProperty('mode');
  });

  it('lets no exception of a user or a repository count for a rule that it makes an error', () => {
    const machine: PolicyFile = { levels: { symlink: 'error' } };
    const files = {
      machine,
      user: { exceptions: [exception, other] },
      repository: { exceptions: [exception, { ...other, reason: 'proposed' }] },
    };
    const approved = new Set([exceptionHash(exception)]);
    const policy = mergePolicy({ ...files, approved }, TODAY);
    expect(policy.exceptions).toEqual([{ ...other, approvedBy: 'user' }]);
    expect(policy.proposals).toEqual([{ ...other, reason: 'proposed' }]);
    expect(underMachine(files.user, machine).forbidden).toEqual([
      { path: ['exceptions', 0], message: 'may not except from symlink' },
    ]);
    const ofMachine = mergePolicy({ machine: { ...machine, exceptions: [exception] } }, TODAY);
    expect(ofMachine.exceptions).toEqual([{ ...exception, approvedBy: 'machine' }]);
  });

  it('is loosened by no repository', () => {
    const machine: PolicyFile = { levels: { symlink: 'error' }, limits: { entries: 10 } };
    const repository: PolicyFile = { levels: { symlink: 'off' }, limits: { entries: 20 } };
    const policy = mergePolicy({ machine, repository }, TODAY);
    expect(policy.levels).toEqual({ symlink: 'error' });
    expect(policy.limits.entries).toBe(10);
  });
});

describe('the contact', () => {
  it('of the machine counts before that of the user, and a repository may have none', () => {
    const [machine, user] = [{ contact: 'the desk' }, { contact: 'me' }];
    expect(mergePolicy({ machine, user }, TODAY).contact).toBe('the desk');
    expect(mergePolicy({ user }, TODAY).contact).toBe('me');
    expect(mergePolicy({}, TODAY)).not.toHaveProperty('contact');
    expect(loosenings({ contact: 'evil@example.org' })).toEqual([
      {
        path: ['contact'],
        message: expect.stringContaining("may not be in a repository's file") as unknown,
      },
    ]);
  });

  it.each([
    ['', false],
    ['  ', false],
    ['x'.repeat(201), false],
    ['x'.repeat(200), true],
  ])('is a text with words, of a limited length: %j', (contact, ok) => {
    expect(parsePolicy(parseJson(JSON.stringify({ contact }))).ok).toBe(ok);
  });
});
