import { inspect } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { archiveTrial } from '../../../../packages/cli/src/guard-trials/managers.ts';
import { trialGem } from '@tarwarden/guard/trial-archives';

const rules = (bytes: Buffer, fileName: string) =>
  inspect(bytes, { format: 'gem', expected: { fileName } }).findings.map(({ rule }) => rule);

const gemTrial = archiveTrial('gem')!;
const bundleTrial = archiveTrial('bundle')!;

describe('the gems of a trial', () => {
  it('are one without a finding', () => {
    const { bytes, fileName } = trialGem('tarwarden-clean-1', 'clean');
    expect(fileName).toBe('tarwarden-clean-1-1.0.0.gem');
    expect(rules(bytes, fileName)).toEqual([]);
  });

  it('and one that breaks two rules', () => {
    const { bytes, fileName } = trialGem('tarwarden-canary-1', 'canary');
    expect(rules(bytes, fileName)).toEqual(expect.arrayContaining(['hardlink', 'duplicate-path']));
  });
});

describe('a trial of gem and Bundler', () => {
  it('asks no server', () => {
    expect(gemTrial.arguments('gem', 'x')).toEqual(
      expect.arrayContaining(['--local', '--norc', './x-1.0.0.gem']),
    );
    expect(bundleTrial.arguments('bundle', 'x')).toEqual(['install', '--local']);
  });

  it('keeps what decides about the guard, and Bundler in the project', () => {
    const env = { RUBYOPT: '-r/x.rb', BUNDLE_FROZEN: '1', GEMRC: '/g', TARWARDEN_INSPECTOR: 'x' };
    expect(gemTrial.environment(env, '/p')).toEqual({ RUBYOPT: '-r/x.rb' });
    expect(bundleTrial.environment(env, '/p')).toMatchObject({
      RUBYOPT: '-r/x.rb',
      BUNDLE_GEMFILE: '/p/Gemfile',
      BUNDLE_PATH: 'site',
    });
    expect(bundleTrial.environment(env, '/p')).not.toHaveProperty('BUNDLE_FROZEN');
  });

  it('knows the first line of a refusal, by file and by name', () => {
    for (const { isRefusal } of [gemTrial, bundleTrial]) {
      expect(isRefusal('tarwarden: refused x-y-1.0.0.gem: this', 'x-y')).toBe(true);
      expect(isRefusal('  tarwarden: refused x-y@1.0.0: this', 'x-y')).toBe(true);
      expect(isRefusal('tarwarden: refused x-y@1.0.0: this', 'y')).toBe(false);
    }
  });
});
