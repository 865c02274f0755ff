import { readFileSync } from 'node:fs';
import { rules } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';

const design = (name: string): URL => new URL(`../../docs/design/${name}.md`, import.meta.url);
const specifications = [
  '0001-accepted-grammar',
  '0002-accepted-zip-grammar',
  '0015-accepted-wheel-grammar',
] as const;
const ids = Object.keys(rules);

/** Rules that a specification names, by the links to their pages. */
function namedIn(name: string): string[] {
  const links = readFileSync(design(name), 'utf8').matchAll(
    /\[([^\]]+)\]\(\.\.\/rules\/([^)#]+)\.md\)/g,
  );
  return [...links].map(([, text = '', target = '']) => {
    expect(text).toBe(target);
    return target;
  });
}

describe('the specifications of what is accepted', () => {
  const [tar, zip, ...others] = specifications.map(namedIn) as [string[], string[], ...string[][]];

  it('name every rule', () => {
    const named = new Set([...tar, ...zip, ...others.flat()]);
    expect(ids.filter((id) => !named.has(id))).toEqual([]);
  });

  it('name no rule that does not exist', () => {
    const known = new Set(ids);
    expect([...tar, ...zip, ...others.flat()].filter((id) => !known.has(id))).toEqual([]);
  });

  it('name the rules of zip in that of zip, and the others in that of tar', () => {
    const ofZip = ids.filter((id) => id.startsWith('zip-'));
    expect(ofZip.length).toBeGreaterThan(0);
    expect(ofZip.filter((id) => !zip.includes(id))).toEqual([]);
    expect(tar.filter((id) => id.startsWith('zip-'))).toEqual([]);
    const ofOthers = new Set(others.flat());
    const left = ids.filter((id) => !id.startsWith('zip-') && !ofOthers.has(id));
    expect(left.filter((id) => !tar.includes(id))).toEqual([]);
  });
});
