import { fileURLToPath } from 'node:url';
import { runRuby } from '@tarwarden/pip-gem-hooks/ruby';
import { afterEach, describe, expect, it, vi } from 'vitest';

const guardPath = fileURLToPath(
  new URL('../../../../packages/pip-gem-hooks/guard/ruby/tarwarden.rb', import.meta.url),
);

afterEach(() => vi.restoreAllMocks());

async function run(): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    lines.push(String(text));
    return true;
  });
  const env = { PATH: '/nonexistent' };
  const code = await runRuby('gem', ['list'], { env, cwd: '/', guardPath });
  return { code, said: lines.join('') };
}

describe('tarwarden gem', () => {
  it('reports that there is no gem', async () => {
    expect(await run()).toEqual({
      code: 127,
      said: 'tarwarden: there is no gem on the PATH\n',
    });
  });
});
