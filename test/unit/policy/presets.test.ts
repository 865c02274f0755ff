import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, inspect, problems, rules, type Code, type Policy } from '@tarwarden/core';
import { formats } from '@tarwarden/core/formats';
import {
  isRaised,
  levelIn,
  PRESET_NAMES,
  presetRules,
  repositoryPolicy,
} from '@tarwarden/core/policy';
import { loosenings, mergePolicy } from '../../../packages/core/src/policy/merge.ts';
import type { PolicyFile } from '../../../packages/core/src/policy/schema.ts';
import { weigh } from '../../../packages/core/src/policy/finding-log.ts';
import { policyFingerprint } from '../../../packages/guard/src/known/verdict-store.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const TODAY = '2026-06-15';
const strict: PolicyFile = { preset: 'strict' };
const merged = (user?: PolicyFile, repository?: PolicyFile): Policy =>
  mergePolicy({ user, repository }, TODAY);

function levelOf(policy: Policy, rule: Code, format: 'npm' | 'gem' | 'sdist' = 'npm') {
  const ecosystem = { npm: 'npm', gem: 'rubygems', sdist: 'pypi' } as const;
  const subject = { package: 'a@1.0.0', sha512: 'aa', ecosystem: ecosystem[format], format };
  return weigh(problems[rule], undefined, { policy, weighedPackage: subject })?.level;
}

describe('a preset', () => {
  it('has rules once each, none of which is an error everywhere', () => {
    const rows = presetRules('strict@1');
    expect(new Set(rows.map(({ rule }) => rule)).size).toBe(rows.length);
    for (const { rule } of rows) {
      const raised = formats.filter(
        ({ id, ecosystem, rules: all }) =>
          all.some((own) => own.id === rule) &&
          isRaised('strict@1', rule, id) &&
          levelIn(ecosystem, rules[rule], id) !== 'error',
      );
      expect([rule, raised.length]).not.toEqual([rule, 0]);
    }
  });

  it('of a version that was released never changes', () => {
    // A rule that joins later needs a new version: change STRICT_VERSION, and add the names here.
    expect(PRESET_NAMES).toEqual(['strict', 'strict@1']);
    expect(presetRules('strict@1').every(({ since }) => since === 1)).toBe(true);
  });

  it('raises levels for the archives that it means, and for no others', () => {
    const policy = merged(strict);
    expect(levelOf(policy, 'install-script')).toBe('error');
    expect(levelOf(policy, 'symlink', 'gem')).toBe('error');
    expect(levelOf(policy, 'gzip-optional-header', 'gem')).toBe('error');
    expect(levelOf(policy, 'gzip-optional-header', 'sdist')).toBe('note');
    expect(levelOf(policy, 'type-bits-in-mode', 'gem')).toBe('note');
    expect(levelOf(policy, 'gem-checksum-missing', 'gem')).toBe('note');
  });

  it('allows no links, unless the file that sets it does', () => {
    expect(merged(strict).links).toBe('reject');
    expect(merged({ preset: 'strict', links: 'contained' }).links).toBe('contained');
    expect(merged({ links: 'contained' }, strict).links).toBe('reject');
  });
});

describe('levels beside a preset', () => {
  it("of the user's own file count in its place, for that rule alone", () => {
    const policy = merged({
      preset: 'strict@1',
      levels: { 'install-script': 'warning', symlink: 'default', 'gem-plugin': 'off' },
    });
    expect(levelOf(policy, 'install-script')).toBe('warning');
    expect(levelOf(policy, 'symlink', 'gem')).toBe('warning');
    expect(levelOf(policy, 'symlink')).toBe('error');
    expect(levelOf(policy, 'gem-plugin', 'gem')).toBeUndefined();
    expect(levelOf(policy, 'gem-extension', 'gem')).toBe('error');
  });

  it("of a repository's file count in its place too, for that rule alone", () => {
    const file: PolicyFile = {
      preset: 'strict',
      levels: { 'install-script': 'warning', symlink: 'default' },
    };
    expect(loosenings(file)).toEqual([]);
    const policy = merged(undefined, file);
    expect(levelOf(policy, 'install-script')).toBe('warning');
    expect(levelOf(policy, 'symlink', 'gem')).toBe('warning');
    expect(levelOf(policy, 'symlink')).toBe('error');
    expect(levelOf(policy, 'gem-extension', 'gem')).toBe('error');
  });

  it('of a repository may not be lower than the level that the rule has without the preset', () => {
    const levels = { 'install-script': 'off', symlink: 'warning' } as const;
    expect(loosenings({ preset: 'strict', levels })).toEqual(
      [
        ['install-script', 'note', 'off'],
        ['symlink', 'error', 'warning'],
      ].map(([id, standard, level]) => ({
        path: ['levels', id],
        message: `may not lower "${standard}" to "${level}": only your own policy file may do that, or an exception`,
      })),
    );
    // Such a file is not valid, and its levels would not count either.
    const policy = merged(undefined, { preset: 'strict', levels });
    expect(levelOf(policy, 'install-script')).toBe('note');
    expect(levelOf(policy, 'symlink')).toBe('error');
  });

  it('of a repository may be as strict, and may concern other rules', () => {
    const levels = { 'install-script': 'error', 'wheel-tag-mismatch': 'warning' } as const;
    expect(loosenings({ preset: 'strict', levels })).toEqual([]);
    expect(loosenings({ levels: { symlink: 'default' } })).toEqual([]);
  });
});

describe('a preset of one file and levels of another', () => {
  const lower: PolicyFile = { levels: { 'install-script': 'note', 'gem-plugin': 'off' } };

  it("of a repository holds whatever the user's file has", () => {
    const policy = merged(lower, strict);
    expect(levelOf(policy, 'install-script')).toBe('error');
    expect(levelOf(policy, 'gem-plugin', 'gem')).toBe('error');
    const both = merged({ ...lower, preset: 'strict' }, strict);
    expect(levelOf(both, 'install-script')).toBe('error');
  });

  it.each(['note', 'warning', 'default'] as const)(
    'of the user is not lowered by a repository (%s), which may have the preset itself',
    (level) => {
      const levels = { 'install-script': level };
      expect(levelOf(merged(strict, { levels }), 'install-script')).toBe('error');
      expect(levelOf(merged(strict, { preset: 'strict', levels }), 'install-script')).toBe('error');
    },
  );

  it('keeps the levels that the user has raised without a preset', () => {
    const user: PolicyFile = { levels: { 'install-script': 'error' } };
    const repository: PolicyFile = { preset: 'strict', levels: { 'install-script': 'note' } };
    expect(levelOf(merged(user, repository), 'install-script')).toBe('error');
  });

  it('leaves a rule to the repository that the user has excepted', () => {
    const user: PolicyFile = { preset: 'strict', levels: { 'install-script': 'note' } };
    expect(levelOf(merged(user), 'install-script')).toBe('note');
    const repository: PolicyFile = { levels: { 'install-script': 'warning' } };
    expect(levelOf(merged(user, repository), 'install-script')).toBe('warning');
  });
});

describe('a verdict under a preset', () => {
  const bytes = tgz({ manifest: { scripts: { postinstall: 'node x.js' } } });
  const policy = merged(undefined, strict);

  it('rejects, and says which preset did it, and which file sets it', () => {
    expect(inspect(bytes).status).toBe('accept');
    const { status, findings } = inspect(bytes, { policy });
    expect(status).toBe('reject');
    expect(findings).toMatchObject([
      {
        rule: 'install-script',
        level: 'error',
        preset: { name: 'strict@1', setBy: 'repository', file: 'tarwarden.json' },
      },
    ]);
    const own = inspect(bytes, { policy: merged(strict) }).findings;
    expect(own[0]?.preset).toEqual({ name: 'strict@1', setBy: 'user', file: 'policy.json' });
  });

  it('says so only of findings that are no errors without it', () => {
    const link = tgz({
      entries: [entry({ name: 'package/a', typeflag: '2', linkname: 'index.js' })],
    });
    expect(inspect(link, { policy }).findings).toMatchObject([{ rule: 'symlink' }]);
    expect(inspect(link, { policy }).findings[0]).not.toHaveProperty('preset');
    const raised = { ...policy, levels: { 'install-script': 'error' as const } };
    expect(inspect(bytes, { policy: raised }).findings[0]).not.toHaveProperty('preset');
  });

  it('accepts with an exception for these bytes', () => {
    const exception = {
      package: 'fixture@1.0.0',
      rule: 'install-script' as const,
      sha512: inspect(bytes).archive.sha512,
      reason: 'read it',
      expires: '2026-12-31',
    };
    expect(inspect(bytes, { policy: { ...policy, exceptions: [exception] } })).toMatchObject({
      status: 'accept',
      findings: [{ level: 'error', excepted: 'read it' }],
    });
  });

  it('is another one than without it, so that no remembered verdict is taken for it', () => {
    const prints = [
      merged(),
      merged(strict),
      merged({ preset: 'strict', levels: { symlink: 'default' } }),
      merged({ levels: { symlink: 'default' } }, strict),
    ].map(policyFingerprint);
    expect(new Set(prints).size).toBe(4);
    expect(policyFingerprint(merged({ preset: 'strict@1' }))).toBe(prints[1]);
    expect(policyFingerprint(merged({ levels: { symlink: 'default' } }))).toBe(prints[0]);
  });

  it('does not hold for the archive of a repository, which the client packs again', () => {
    expect(inspect(bytes, { policy: repositoryPolicy(policy) }).status).toBe('accept');
    expect(
      repositoryPolicy({ ...DEFAULT_POLICY, presets: policy.presets ?? [] }),
    ).not.toHaveProperty('presets');
  });
});
