import { describe, expect, it } from 'vitest';
import { rules, type Advice } from '@tarwarden/core';
import { adviceText, remedyFor } from '@tarwarden/core/report';
import { formats } from '../../../packages/core/src/formats/index.ts';
import { adviceIn } from '../../../packages/core/src/report/advice.ts';
import { withAdvice } from '../../support/rule-pages.ts';

const usual = { forUsers: 'Wait.', forPublishers: 'Pack it again.' };
const ofNpm = { forUsers: 'Use another version.', forPublishers: 'Run `npm pack`.' };
const ofPyPI = { forUsers: 'Use the wheel.' };

describe('advice', () => {
  it('is one for all ecosystems where nothing else is said', () => {
    expect(adviceIn('npm', usual)).toBe(usual);
    expect(adviceIn('npm', { ...usual, elsewhere: { pypi: ofPyPI } })).toMatchObject(usual);
  });

  it.each(['npm', 'yarn-zip'] as const)("is that of the format's ecosystem: %s", (format) => {
    const advice: Advice = { ...usual, elsewhere: { npm: ofNpm, pypi: ofPyPI } };
    expect(adviceText(adviceIn(format, advice))).toBe(
      'Use another version. If you maintain this package: run `npm pack`.',
    );
  });

  it('of a rule is what refusals and reports show', () => {
    const { advice } = rules['escaping-link'];
    expect(remedyFor({ rule: 'escaping-link' }, 'npm')).toBe(adviceText(advice));
  });

  it('is on the page of a rule for each ecosystem', () => {
    const rule = { ...rules['escaping-link'], advice: { ...usual, elsewhere: { pypi: ofPyPI } } };
    const page = withAdvice(
      '# x\n\nhead\n\n**If you install it.** x\n\n**If you publish it.** x\n',
      rule,
    );
    expect(page).toContain('**If you install it.** Wait. *For PyPI:* Use the wheel.\n');
    expect(page).toContain('**If you publish it.** Pack it again.\n');
  });
});

/** Programs of npm's ecosystem, and words that have a meaning there alone. */
const OF_NPM = /\b(?:npm|npx|pnpm|yarn|bun|node-tar|node_modules|package\.json)\b/i;

describe.each(formats.filter(({ ecosystem }) => ecosystem !== 'npm'))(
  'what is said of an archive of the format $id',
  ({ id: format, rules: applied }) => {
    it.each(applied.map((rule) => [rule.id, rule] as const))(
      'has nothing of npm in it: %s',
      (_id, { summary, advice }) => {
        const texts = [summary, adviceText(adviceIn(format, advice))];
        expect(texts.filter((text) => OF_NPM.test(text))).toEqual([]);
      },
    );
  },
);
