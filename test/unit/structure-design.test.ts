import { readdirSync, readFileSync } from 'node:fs';
import { problems, type Rule } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';

const design = (name: string): URL => new URL(`../../docs/design/${name}.md`, import.meta.url);
const ids = Object.keys(problems);

/** Specifications of formats of other ecosystems, by their folders: each names the rules of its own folder. */
const ofFormats = {
  wheel: '0015-accepted-wheel-grammar',
  sdist: '0016-accepted-sdist-grammar',
  gem: '0017-accepted-gem-grammar',
  'go-zip': '0018-accepted-module-zip-grammar',
} as const;

/** Codes that a specification names, by the links to the pages of their rules. */
function namedIn(name: string): string[] {
  const links = readFileSync(design(name), 'utf8').matchAll(
    /\[([^\]]+)\]\(\.\.\/rules\/([^)#]+)\.md(?:#([^)]+))?\)/g,
  );
  return [...links].map(([, text = '', rule = '', code = rule]) => {
    expect(text).toBe(code);
    return code;
  });
}

async function ownRules(format: string): Promise<string[]> {
  const folder = new URL(`../../packages/core/src/formats/${format}/rules/`, import.meta.url);
  const families = await Promise.all(
    readdirSync(folder).map(
      async (family): Promise<Record<string, readonly Rule[]>> =>
        import(new URL(`${family}/index.ts`, folder).href),
    ),
  );
  return families
    .flatMap((family) => Object.values(family).flat())
    .map(({ id, code = id }) => code);
}

describe('the specifications of what is accepted', () => {
  const tar = namedIn('0001-accepted-grammar');
  const zip = namedIn('0002-accepted-zip-grammar');
  const others = Object.values(ofFormats).flatMap(namedIn);

  it('name every rule', () => {
    const named = new Set([...tar, ...zip, ...others]);
    expect(ids.filter((id) => !named.has(id))).toEqual([]);
  });

  it('name no rule that does not exist', () => {
    const known = new Set(ids);
    expect([...tar, ...zip, ...others].filter((id) => !known.has(id))).toEqual([]);
  });

  it('name the rules of zip in that of zip, those of a format in its own, and the others in that of tar', async () => {
    const ofZip = ids.filter((id) => id.startsWith('zip-'));
    const ofOthers = await Promise.all(Object.keys(ofFormats).map(ownRules));
    const elsewhere = new Set([...ofZip, ...ofOthers.flat()]);
    expect(ofZip.length).toBeGreaterThan(0);
    expect(ofZip.filter((id) => !zip.includes(id))).toEqual([]);
    expect(tar.filter((id) => id.startsWith('zip-'))).toEqual([]);
    expect(ids.filter((id) => !elsewhere.has(id) && !tar.includes(id))).toEqual([]);
  });

  it.each(Object.entries(ofFormats))('name the rules of %s in %s', async (format, name) => {
    const own = await ownRules(format);
    expect(own.length).toBeGreaterThan(0);
    expect(own.filter((id) => !namedIn(name).includes(id))).toEqual([]);
  });
});
