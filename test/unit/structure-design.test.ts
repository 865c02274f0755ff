import { readFileSync } from 'node:fs';
import { rules } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { ruleFolders, rulesIn } from '../support/rule-lists.ts';

const design = (name: string): URL => new URL(`../../docs/design/${name}.md`, import.meta.url);
const specifications = [
  '0001-accepted-grammar',
  '0002-accepted-zip-grammar',
  '0015-accepted-sdist-grammar',
] as const;
const ids = Object.keys(rules);
const ofSdist = ruleFolders()
  .filter((folder) => folder.startsWith('formats/sdist/'))
  .flatMap((folder) => rulesIn(folder).map(({ id }) => id));

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
  const [tar, zip, sdist] = specifications.map(namedIn) as [string[], string[], string[]];

  it('name every rule', () => {
    const named = new Set([...tar, ...zip, ...sdist]);
    expect(ids.filter((id) => !named.has(id))).toEqual([]);
  });

  it('name no rule that does not exist', () => {
    const known = new Set(ids);
    expect([...tar, ...zip, ...sdist].filter((id) => !known.has(id))).toEqual([]);
  });

  it('name the rules of zip in that of zip, and the others in that of tar', () => {
    const ofZip = ids.filter((id) => id.startsWith('zip-'));
    expect(ofZip.length).toBeGreaterThan(0);
    expect(ofZip.filter((id) => !zip.includes(id))).toEqual([]);
    expect(tar.filter((id) => id.startsWith('zip-'))).toEqual([]);
    const others = new Set([...ofZip, ...ofSdist]);
    expect(ids.filter((id) => !others.has(id) && !tar.includes(id))).toEqual([]);
  });

  it('name the rules of sdists in that of sdists', () => {
    expect(ofSdist.length).toBeGreaterThan(0);
    expect(ofSdist.filter((id) => !sdist.includes(id))).toEqual([]);
  });
});
