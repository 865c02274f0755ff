import { describe, expect, it } from 'vitest';
import { nextSteps, stepTexts } from '@tarwarden/core/report';
import type { Format } from '@tarwarden/core';
import { rules } from '../../../packages/core/src/catalogue/index.ts';
import {
  plainSentence,
  worstRulesFirst,
  plainSentences,
} from '../../../packages/core/src/rules/plain-sentences.ts';
import {
  archiveOperand,
  type ArchiveLocation,
} from '../../../packages/core/src/report/archive-operand.ts';
import { linked, second, twice, verdictOf } from './sample.ts';

const named = (name: string, version = '1.0.0', format: Format = 'npm'): ArchiveLocation => ({
  expected: { name, version },
  format,
});
const from = (source: string, format: Format = 'npm'): ArchiveLocation => ({ source, format });

describe('the operand of a printed command', () => {
  it.each([
    [named('lz4', '0.6.3'), 'lz4@0.6.3'],
    [named('@scope/name', '1.0.0-rc.1+b'), '@scope/name@1.0.0-rc.1+b'],
    [named('Some.Project', '2.0', 'wheel'), 'pypi:Some.Project@2.0'],
    [named('rack', '3.1.0', 'gem'), 'gem:rack@3.1.0'],
    [named('golang.org/x/mod', 'v0.1.0', 'gomod'), 'go:golang.org/x/mod@v0.1.0'],
    [from('/tmp/a.tgz'), '/tmp/a.tgz'],
    [from('file:/tmp/a b.tgz'), "'/tmp/a b.tgz'"],
    [from('file:///tmp/a.whl', 'wheel'), '/tmp/a.whl'],
    [from('a.tgz'), './a.tgz'],
    [from('-a.tgz'), './-a.tgz'],
    [from('https://host.example/a/tarball/main'), 'https://host.example/a/tarball/main'],
  ])('%o is %s', (location, word) => {
    expect(archiveOperand(location)).toBe(word);
  });

  it('is a file on this disk rather than a name, because the name may be another archive', () => {
    const location = { ...named('a'), source: '/cache/a-npm-1.0.0.zip' };
    expect(archiveOperand(location)).toBe('/cache/a-npm-1.0.0.zip');
  });

  it('is a URL if the name is not safe to paste', () => {
    const location = { ...named('a&calc'), source: 'https://registry.example/a-1.0.0.tgz' };
    expect(archiveOperand(location)).toBe('https://registry.example/a-1.0.0.tgz');
  });

  it.each([
    ['http://127.0.0.1:8080/prey.whl#sha256=0123', 'wheel'],
    ['https://index.example/prey-1.0.0.tar.gz', 'sdist'],
    ['https://gems.example/gems/prey-1.0.0.gem', 'gem'],
  ] as const)('is the URL %s, where NAME@VERSION may not look', (source, format) => {
    expect(archiveOperand({ ...named('prey', '1.0.0', format), source })).toBe(
      `${source.replace(/#.*/, '')} --package prey@1.0.0`,
    );
    const own = { ...named('prey', '1.0.0', format), source, isOfOwnIndex: true };
    expect(archiveOperand(own)).toBe(`${format === 'gem' ? 'gem' : 'pypi'}:prey@1.0.0`);
  });

  it.each([
    ['https://files.pythonhosted.org/packages/a/prey.whl#sha256=0123', 'wheel', 'pypi:prey@1.0.0'],
    ['https://user:secret@index.example/prey.whl', 'wheel', 'pypi:prey@1.0.0'],
    ['https://index.example/prey.whl?signature=1', 'wheel', 'pypi:prey@1.0.0'],
    ['https://rubygems.org/gems/prey-1.0.0.gem', 'gem', 'gem:prey@1.0.0'],
    ['https://registry.example/prey-1.0.0.tgz', 'npm', 'prey@1.0.0'],
  ] as const)('is the name for %s', (source, format, word) => {
    expect(archiveOperand({ ...named('prey', '1.0.0', format), source })).toBe(word);
  });

  it('is none for a version that cannot be typed', () => {
    expect(archiveOperand(named('a', '1.0'))).toBeUndefined();
  });

  it.each([
    ['an option', named('--user')],
    ['a home folder', named('~root')],
    ['a command of a shell', named('$(touch${IFS}x)`id`')],
    ['a command of the Windows prompt', named('a&calc')],
    ['an end of the quotes', named("a'b")],
    ['an escape of a terminal', named('a\u001B[2J')],
    ['a direction that is not shown', named('a\u202Eb')],
    ['a line feed in a version', named('a', '1\nrm')],
    ['a very long name', named('a'.repeat(1000))],
    ['a URL with credentials', from('https://user:secret@host.example/a.tgz')],
    ['a URL with a token', from('https://host.example/a.tgz?token=1')],
    ['a URL that a shell would split', from('https://host.example/a.tgz?b=1&c=2')],
    ['a folder of an archive', from('https://host.example/a.tgz (folder b)')],
    ['a path with a command', from("/tmp/a'$(id)'.tgz")],
    ['a command of a CI service', from('https://host.example/::add-mask::a.tgz')],
    ['a commit', from('git+https://host.example/a.git#0123')],
    ['a folder', from('/tmp/a')],
  ])('is none for %s', (_, location) => {
    expect(archiveOperand(location)).toBeUndefined();
  });
});

describe('the steps after a refusal', () => {
  const expected = { name: 'sample', version: '1.2.3' };
  const archive = { subject: 'sample@1.2.3', expected };

  it('are one command each, also for several findings', () => {
    const other = { ...linked, rule: 'escaping-path' as const, code: 'absolute-path' as const };
    expect(
      stepTexts(nextSteps({ ...archive, verdict: verdictOf([linked, other, twice]) })),
    ).toEqual([
      'See why: tarwarden explain sample@1.2.3',
      'Read the rules: tarwarden rules escaping-path symlink',
      'Let it pass, but only after you have looked at it: tarwarden allow sample@1.2.3 --reason "why you trust it"',
    ]);
  });

  it('offer no exception for an archive that was not read to its end or has unlisted findings', () => {
    for (const verdict of [verdictOf([second]), verdictOf([linked], { omitted: 3 })])
      expect(stepTexts(nextSteps({ ...archive, verdict })).join('\n')).not.toContain('allow');
  });

  it('approve what the repository proposes instead of writing it again', () => {
    const verdict = verdictOf([{ ...linked, proposed: 'ab12' }]);
    const texts = stepTexts(nextSteps({ ...archive, verdict })).join('\n');
    expect(texts).toContain('tarwarden allow --approve ab12');
    expect(texts).not.toContain('--reason');
  });

  it('list one exception for each finding if no command can name the archive', () => {
    const other = { ...linked, rule: 'escaping-path' as const, code: 'absolute-path' as const };
    const verdict = verdictOf([linked, other]);
    const texts = stepTexts(nextSteps({ subject: './x', source: 'git+ssh://x/y#0', verdict }));
    expect(texts.join('\n').match(/"package":"sample@1.2.3"/g)).toHaveLength(2);
  });
});

it('each rule has one plain sentence', () => {
  const ids = Object.keys(rules);
  expect(plainSentences.flatMap(([, rules]) => rules).toSorted()).toEqual(ids.toSorted());
  expect(worstRulesFirst(['symlink', 'gzip-damaged', 'escaping-path', 'symlink'])).toEqual([
    'escaping-path',
    'symlink',
    'gzip-damaged',
  ]);
  expect(plainSentence(['gzip-damaged', 'symlink'])).toContain('contains a link');
  expect(plainSentence([])).toBeUndefined();
});
