import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rules } from '@tarwarden/core';
import { listRules } from '../../../packages/cli/src/commands/rules/run.ts';

afterEach(() => void vi.restoreAllMocks());

async function printed(id: string | undefined, values = {}): Promise<string> {
  const said: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const mainUrl = pathToFileURL(join(import.meta.dirname, 'no-such-folder/main.js')).href;
  const call = {
    values,
    operands: id === undefined ? [] : [id],
    rest: [],
    mainUrl,
  } as unknown as Parameters<typeof listRules>[0];
  expect(await listRules(call)).toBe(0);
  vi.restoreAllMocks();
  return said.join('');
}

describe('tarwarden rules --preset', () => {
  it('lists each rule with its own levels', async () => {
    const text = await printed(undefined, { preset: 'strict' });
    expect(text).toContain('"strict" means strict@1 in this version of tarwarden.');
    expect(text).toMatch(/install-script: .*\n {4}without the preset: a note\n/);
    expect(text).toContain('write { "preset": "strict@1" } into tarwarden.json');
    expect(await printed(undefined, { preset: 'strict@1' })).not.toContain('means');
  });

  it('has the same in JSON', async () => {
    const text = await printed(undefined, { preset: 'strict', reporter: 'json' });
    const { preset, rules: listed } = JSON.parse(text) as { preset: string; rules: object[] };
    expect(preset).toBe('strict@1');
    expect(listed).toContainEqual({
      rule: 'wheel-path-file',
      summary: rules['wheel-path-file'].summary,
      level: 'error',
      archives: [{ format: 'wheel', default: 'note' }],
    });
  });

  it('knows no other preset, and takes no rules', async () => {
    await expect(printed(undefined, { preset: 'strickt' })).rejects.toThrow(
      'no preset "strickt" (did you mean "strict"?)',
    );
    await expect(printed('symlink', { preset: 'strict' })).rejects.toThrow('takes no rules');
  });
});
