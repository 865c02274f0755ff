import { inspect } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { archiveTrial, isTried } from '../../../../packages/cli/src/guard-trials/managers.ts';
import { trialWheel } from '@tarwarden/guard/trial-archives';

const rules = (bytes: Buffer, fileName: string) =>
  inspect(bytes, { format: 'wheel', expected: { fileName } }).findings.map(({ rule }) => rule);

const pipTrial = archiveTrial('pip')!;

describe('the wheels of a trial', () => {
  it('are one without a finding', () => {
    const { bytes, fileName } = trialWheel('tarwarden-clean-1', 'clean');
    expect(fileName).toBe('tarwarden_clean_1-1.0.0-py3-none-any.whl');
    expect(rules(bytes, fileName)).toEqual([]);
  });

  it('and one that breaks two rules', () => {
    const { bytes, fileName } = trialWheel('tarwarden-canary-1', 'canary');
    expect(rules(bytes, fileName)).toEqual(expect.arrayContaining(['symlink', 'duplicate-path']));
  });
});

describe('a trial of pip', () => {
  it('asks no index, also as a module of Python', () => {
    const args = pipTrial.arguments('pip', 'x');
    expect(args).toEqual(expect.arrayContaining(['--no-index', '--no-deps', 'x==1.0.0']));
    expect(pipTrial.arguments('python3', 'x')).toEqual(['-m', 'pip', ...args]);
  });

  it('takes over which pip runs, and nothing else of its settings', () => {
    const env = { PIP_PYTHON: '/p', pip_target: 't', PIP_INDEX_URL: 'u', PATH: '/bin' };
    expect(pipTrial.environment({ ...env, TARWARDEN_INSPECTOR: 'x' }, '/p')).toEqual({
      PIP_PYTHON: '/p',
      PATH: '/bin',
      PIP_CONFIG_FILE: expect.stringMatching(/null?$/i),
    });
  });

  it('knows the first line of a refusal', () => {
    const line = 'ERROR: tarwarden: refused x-y@1.0.0: this archive is not safe';
    expect(pipTrial.isRefusal(line, 'x-y')).toBe(true);
    expect(pipTrial.isRefusal(line, 'x')).toBe(false);
  });

  it('is not made without a shim or a name', () => {
    expect(isTried('pip', { PATH: '/nowhere' })).toBe(false);
  });
});
