import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rules } from '@tarwarden/core';
import { listRules } from '../../../packages/cli/src/commands/rules/run.ts';

afterEach(() => void vi.restoreAllMocks());

async function printed(id: string, values = {}): Promise<string> {
  const said: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const mainUrl = pathToFileURL(join(import.meta.dirname, 'no-such-folder/main.js')).href;
  const call = { values, operands: [id], rest: [], mainUrl } as unknown as Parameters<
    typeof listRules
  >[0];
  expect(await listRules(call)).toBe(0);
  vi.restoreAllMocks();
  return said.join('');
}

describe('tarwarden rules, where the pages are not there', () => {
  it('prints levels and advice of ecosystems and formats as well', async () => {
    const text = await printed('symlink');
    expect(text).toMatch(
      /is a symbolic link\. Level: error\.\n {2}For sdist: warning\. One in 300.* escaping-link \(tarwarden rules escaping-link\) /,
    );
    for (const [where, { forUsers }] of Object.entries(rules.symlink.advice.elsewhere ?? {}))
      expect(text).toContain(`\n  For ${where}: ${forUsers}`);
    expect(text).not.toContain('](');
  });

  it('prints one advice where there is one', async () => {
    const { summary } = rules['wheel-tag-mismatch'];
    expect(await printed('wheel-tag-mismatch')).toMatch(
      new RegExp(`wheel-tag-mismatch\\n\\n${summary}\\.\\n\\nWhat to do: [^\\n]+\\n$`),
    );
  });

  it('has all levels in JSON', async () => {
    const [listed] = JSON.parse(await printed('symlink', { reporter: 'json' })) as object[];
    const { level, elsewhere, advice } = rules.symlink;
    expect(listed).toMatchObject({ id: 'symlink', level, elsewhere, advice, page: null });
  });
});
