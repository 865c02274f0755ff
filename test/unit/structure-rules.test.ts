import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { problems, rules, type CataloguedRule } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { formats } from '../../packages/core/src/formats/index.ts';
import { generatedPages, ruleIdUnion } from '../support/rule-pages.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const namesIn = (folder: string, ending: string): string[] =>
  readdirSync(at(folder))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .toSorted();

/** A table of rules, the list of a preset, or the file of a rule that holds a check. */
const RULE_FILE =
  /^(?:rules\/(?:plain-sentences|different-readings)\.ts|policy\/presets\.ts|(?:rules|formats\/[^/]+\/rules)\/[^/]+\/)/;
/** Path below the core's sources, and text. */
const sources = readdirSync(at('packages/core/src'), { recursive: true })
  .map((file) => String(file).replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => [file, readFileSync(at(`packages/core/src/${file}`), 'utf8')] as const);

/** The index beside the pages. */
const noRule = new Set(['README']);
const ids = Object.keys(rules).toSorted();
const catalogue: readonly CataloguedRule[] = Object.values(rules);
const codes = Object.keys(problems).toSorted();
/** Rules of Yarn's zip archives are tested with the zip reader. */
const ofTar = ids.filter((id) => !id.startsWith('zip-'));

describe('every rule has', () => {
  it('a row in the table of a family, or a file of its name that the table lists', () => {
    const written = sources
      .filter(([file]) => RULE_FILE.test(file))
      .flatMap(([file, text]) => {
        const found = [...text.matchAll(/^ +id: '([\w-]+)',$/gm)].map(([, id = '']) => id);
        // A table may have rows with short checks. A rule that only adds a problem to a shared rule has no id of its own.
        if (text.includes('check: ') && found.length > 0 && !file.endsWith('/index.ts'))
          expect(found).toEqual([basename(file, '.ts')]);
        return found;
      });
    expect(written.toSorted()).toEqual(ids);
  });

  it('its own id in the catalogue', () => {
    expect(catalogue.map(({ id }) => id)).toEqual(Object.keys(rules));
  });

  it('a format that applies it', () => {
    const applied = new Set(
      formats.flatMap((format) => format.rules.map(({ id, code = id }) => code)),
    );
    expect([...applied].toSorted()).toEqual(codes);
  });

  it('a page of its name', () => {
    expect(namesIn('docs/rules', '.md').filter((name) => !noRule.has(name))).toEqual(ids);
  });

  it('a table of its code in test/unit/rules', () => {
    const tables = namesIn('test/unit/rules', '.test.ts').flatMap((name) => {
      const text = readFileSync(at(`test/unit/rules/${name}.test.ts`), 'utf8');
      return [...text.matchAll(/^describeRule\(\s*'([\w-]+)'/gm)].map(([, code = '']) => code);
    });
    expect([...new Set(tables)].toSorted()).toEqual(
      codes.filter((code) => !code.startsWith('zip-')),
    );
  });
});

describe('what `pnpm rules` writes is up to date:', () => {
  it('finding/rule-id.ts', () => {
    expect(readFileSync(at('packages/core/src/finding/rule-id.ts'), 'utf8')).toBe(ruleIdUnion());
  });
  it.each(generatedPages())('docs/rules/%s', (path, text) => {
    expect(readFileSync(at(`docs/rules/${path}`), 'utf8')).toBe(text);
  });
});

describe('every rule that a reader sees', () => {
  const seen = Object.entries(problems).filter(([, row]) => row.kind === undefined);
  const readers = sources.filter(([file]) => !file.startsWith('finding/') && !RULE_FILE.test(file));

  it.each(seen)('%s is reported by a source file', (id) => {
    expect(readers.some(([, text]) => text.includes(`'${id}'`))).toBe(true);
  });
});

describe('every page', () => {
  it.each(ofTar)('%s says what, why, what to do, what passes, and how it looks', (id) => {
    const text = readFileSync(at(`docs/rules/${id}.md`), 'utf8');
    const parts = ['What it is', 'Why it matters', 'If you install it', 'If you publish it'];
    for (const part of [...parts, 'What passes', 'What it looks like'])
      expect(text).toContain(`**${part}.** `.trimEnd());
    const rule = catalogue.find((one) => one.id === id);
    for (const { code, summary } of rule?.problems ?? []) {
      if (code !== undefined) expect(text).toContain(`\n## ${code}\n`);
      expect(text).toContain(`reason: ${summary}: `);
    }
  });
});

describe('the advice', () => {
  // One sentence for many rules says what to do about none of them, so none is shared.
  it('is of one rule only', () => {
    const advice = catalogue.map((rule) => JSON.stringify(rule.advice));
    expect(new Set(advice).size).toBe(advice.length);
  });

  it.each(catalogue.map((rule) => [rule.id, rule] as const))(
    'of %s is in whole sentences',
    (id, rule) => {
      const { forPublishers } = rule.advice;
      const others = Object.values(rule.advice.elsewhere ?? {});
      for (const one of [rule.advice, ...others])
        for (const text of [one.forUsers, one.forPublishers ?? 'X.'])
          expect(text).toMatch(/^[A-Z`].*\.$/);
      // Nobody publishes the zips of Yarn's cache.
      expect(forPublishers === undefined).toBe(id.startsWith('zip-'));
    },
  );
});
