import { readFileSync } from 'node:fs';
import { rules } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { ruleFolders, rulesIn } from '../support/rule-lists.ts';

const design = (name: string): URL => new URL(`../../docs/design/${name}.md`, import.meta.url);
/** Of tarballs, of zips, and of the formats that are written down apart. */
const ofFormats: Readonly<Record<string, string>> = {
  '0015-accepted-wheel-grammar': 'formats/wheel/',
  '0016-accepted-sdist-grammar': 'formats/sdist/',
};
const specifications = [
  '0001-accepted-grammar',
  '0002-accepted-zip-grammar',
  ...Object.keys(ofFormats),
] as const;
const ids = Object.keys(rules);

function rulesBelow(prefix: string): string[] {
  return ruleFolders()
    .filter((folder) => folder.startsWith(prefix))
    .flatMap((folder) => rulesIn(folder).map(({ id }) => id));
}

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
    const apart = new Set([...ofZip, ...Object.values(ofFormats).flatMap(rulesBelow)]);
    expect(ids.filter((id) => !apart.has(id) && !tar.includes(id))).toEqual([]);
  });

  it.each(Object.entries(ofFormats))('%s names the rules of %s', (name, prefix) => {
    const own = rulesBelow(prefix);
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter((id) => !namedIn(name).includes(id))).toEqual([]);
  });
});
