import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rules, type RuleInfo } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const namesIn = (folder: string, ending: string): string[] =>
  readdirSync(at(folder))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .toSorted();

/** Files beside the rules that are no rules, and the index beside their pages. */
const noRule = new Set(['define-rule', 'index', 'rule-id', 'README']);
const ids = Object.keys(rules).toSorted();
const catalogue: readonly RuleInfo[] = Object.values(rules);
/** Rules of Yarn's zip archives are tested with the zip reader. */
const ofTar = ids.filter((id) => !id.startsWith('zip-'));

describe('every rule has', () => {
  it('a file of its name', () => {
    const files = namesIn('packages/core/src/rules', '.ts').filter((name) => !noRule.has(name));
    expect(files).toEqual(ids);
  });

  it('its own id in the catalogue', () => {
    expect(catalogue.map(({ id }) => id)).toEqual(Object.keys(rules));
  });

  it('a page of its name', () => {
    expect(namesIn('docs/rules', '.md').filter((name) => !noRule.has(name))).toEqual(ids);
  });

  it('a test of its name', () => {
    expect(namesIn('test/unit/rules', '.test.ts').filter((id) => !id.startsWith('zip-'))).toEqual(
      ofTar,
    );
  });

  it('a line in the index of pages', () => {
    const index = readFileSync(at('docs/rules/README.md'), 'utf8');
    const missing = catalogue.filter(
      ({ id, level, summary }) => !index.includes(`| [${id}](${id}.md) | ${level} | ${summary}`),
    );
    expect(missing.map(({ id }) => id)).toEqual([]);
  });
});

describe('every test of a rule', () => {
  it.each(ofTar)('%s has a hostile and a near miss', (id) => {
    const text = readFileSync(at(`test/unit/rules/${id}.test.ts`), 'utf8');
    expect(text).toContain(`const RULE = '${id}';`);
    expect(text).toMatch(/it\(\s*['"](?:rejects|warns|notes)/);
    expect(text).toMatch(/it\(\s*['"]is silent about/);
  });
});

describe('every page', () => {
  it.each(catalogue.map((rule) => [rule.id, rule] as const))('%s tells the level', (id, rule) => {
    const text = readFileSync(at(`docs/rules/${id}.md`), 'utf8');
    expect(text.startsWith(`# ${id}\n`)).toBe(true);
    expect(text).toContain(
      { error: '\n*Error', warning: '\n*Warning', note: '\n*Note' }[rule.level],
    );
  });

  it.each(ofTar)('%s says what, why, what to do, what passes, and how it looks', (id) => {
    const text = readFileSync(at(`docs/rules/${id}.md`), 'utf8');
    const parts = ['What it is', 'Why it matters', 'If you install it', 'If you publish it'];
    for (const part of [...parts, 'What passes', 'What it looks like'])
      expect(text).toContain(`**${part}.** `.trimEnd());
    const rule = catalogue.find((one) => one.id === id);
    expect(text).toContain(`reason: ${rule?.summary}: `);
  });
});

describe('every remedy', () => {
  const PUBLISHER = ' As its publisher, ';

  // One sentence for many rules says what to do about none of them, so none is shared.
  it('is of one rule only', () => {
    const remedies = catalogue.map(({ remedy }) => remedy);
    const shared = catalogue.filter((rule, index) => remedies.indexOf(rule.remedy) !== index);
    expect(shared.map(({ id }) => id)).toEqual([]);
  });

  it.each(catalogue.map((rule) => [rule.id, rule] as const))('%s is on its page', (id, rule) => {
    const page = readFileSync(at(`docs/rules/${id}.md`), 'utf8');
    const [install = '', publish] = rule.remedy.split(PUBLISHER);
    expect(rule.remedy).toMatch(/\.$/);
    expect(page).toContain(
      `\n**${publish === undefined ? 'What to do' : 'If you install it'}.** ${install}`,
    );
    if (publish === undefined) expect(id).toMatch(/^zip-/);
    else expect(page.toLowerCase()).toContain(`\n**if you publish it.** ${publish.toLowerCase()}`);
  });
});
