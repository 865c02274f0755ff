import { rules } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { withAdvice, withHead, withTables } from '../../support/rule-pages.ts';

const rule = {
  ...rules['long-zero-tail'],
  level: 'warning' as const,
  summary: 'Something is odd',
  advice: { forUsers: 'Wait.', forPublishers: 'Pack it again.' },
};
const HEAD = '# long-zero-tail\n\n*Warning by default.* Something is odd.\n\n';
const USERS = '**If you install it.** Wait.\n\n';
const PUBLISHERS = '**If you publish it.** Pack it again.\n\n';

describe('the page of a rule that `pnpm rules` writes', () => {
  it('begins with head and advice where there is no page yet', () => {
    expect(withHead('', rule)).toBe(`${HEAD}${USERS}${PUBLISHERS.trimEnd()}\n`);
  });

  it('has the advice before what passes, and keeps every other line', () => {
    const text = '**What it is.** A.\n\n**What passes.** B.\n';
    const page = `${HEAD}**What it is.** A.\n\n${USERS}${PUBLISHERS}**What passes.** B.\n`;
    expect(withHead(text, rule)).toBe(page);
    expect(withHead(page, rule)).toBe(page);
  });

  it('gets a new head in the place of the old one', () => {
    const old = HEAD.replace('Warning', 'Error').replace('odd', 'wrong');
    expect(withHead(`${old}${USERS}${PUBLISHERS}`, rule)).toBe(
      `${HEAD}${USERS}${PUBLISHERS.trimEnd()}\n`,
    );
  });

  it.each([
    ['a first paragraph', `# long-zero-tail\n\nMine.\n\n${USERS}${PUBLISHERS}`, 'Mine.'],
    ['advice', `${HEAD}**If you install it.** Mine.\n\n${PUBLISHERS}`, '** Mine.'],
    ['a paragraph at the end', `${HEAD}${USERS}${PUBLISHERS}Mine.\n`, 'Mine.'],
  ])('keeps %s that a person wrote', (_name, text, mine) => {
    expect(withHead(text, rule)).toContain(mine);
  });

  it('differs from the rule where a person changed the advice, which fails the command', () => {
    const page = withHead(`${HEAD}**If you install it.** Mine.\n\n${PUBLISHERS}`, rule);
    expect(withAdvice(page, rule)).not.toBe(page);
  });
});

describe('the index of the pages', () => {
  const index = withTables('# Rules\n\nText.\n');

  it('has a table for each family', () => {
    expect(index).toContain('\n## Zips\n\n| rule | level | what is wrong |\n');
    expect(index).toContain('| [long-zero-tail](long-zero-tail.md) | warning |');
    expect(withTables(index)).toBe(index);
  });

  it('keeps text around the tables, and replaces rows', () => {
    const noted = index
      .replace('\n## Zips\n\n', '\n## Zips\n\nA note.\n\n')
      .replace('| [long-zero-tail](long-zero-tail.md) | warning |', '| old | note |');
    expect(withTables(noted)).toBe(index.replace('\n## Zips\n\n', '\n## Zips\n\nA note.\n\n'));
  });
});
