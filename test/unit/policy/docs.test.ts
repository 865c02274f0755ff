import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '@tarwarden/core';
import { parseJson } from '../../../packages/core/src/policy/json-source.ts';
import { parsePolicy } from '../../../packages/core/src/policy/parse.ts';

const page = readFileSync('docs/configuration.md', 'utf8');
const examples = [...page.matchAll(/```json\n(.*?)```/gs)].map((match) => match[1] ?? '');

describe('docs/configuration.md', () => {
  it.each(examples)('shows a valid policy: %s', (example) => {
    const document = parseJson(example);
    const inManifest = 'tarwarden' in (document.value as object);
    expect(parsePolicy(document, inManifest ? ['tarwarden'] : [])).toMatchObject({ ok: true });
  });

  it.each(Object.keys(DEFAULT_LIMITS))('tells of the limit %s', (name) => {
    expect(page).toContain(`\`limits.${name}\``);
  });
});
