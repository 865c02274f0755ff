import { DEFAULT_POLICY, inspect, type Verdict } from '@tarwarden/core';
import { repositoryPolicy } from '@tarwarden/core/policy';
import { describe, expect, it } from 'vitest';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const link = (linkname: string): Buffer =>
  tgz({ entries: [entry({ name: 'package/link', typeflag: '2', linkname })] });

describe('the policy for the archive of a repository', () => {
  it('passes links that stay inside, and no others', () => {
    const policy = repositoryPolicy(DEFAULT_POLICY);
    expect(inspect(link('index.js')).status).toBe('reject');
    expect(inspect(link('index.js'), { policy }).status).toBe('accept');
    expect(inspect(link('../../out'), { policy }).status).toBe('reject');
  });

  it('holds no exception', () => {
    const bytes = link('../../out');
    const inspectBy = (policy = DEFAULT_POLICY): Verdict => inspect(bytes, { policy });
    const { findings, archive } = inspectBy({ ...DEFAULT_POLICY, links: 'contained' });
    const exceptions = findings.map(({ rule }) => ({
      package: 'fixture@1.0.0',
      rule,
      sha512: archive.sha512,
      reason: 'known',
      expires: '9999-12-31',
    }));
    const excepting = { ...DEFAULT_POLICY, links: 'contained' as const, exceptions };
    expect(inspectBy(excepting).status).toBe('accept');
    expect(inspectBy(repositoryPolicy(excepting)).status).toBe('reject');
  });

  it('keeps levels, limits and the day', () => {
    const policy = {
      ...DEFAULT_POLICY,
      levels: { symlink: 'warning' as const },
      limits: { ...DEFAULT_POLICY.limits, entries: 7 },
      today: '2026-01-01',
    };
    expect(repositoryPolicy(policy)).toEqual({ ...policy, links: 'contained' });
  });
});
