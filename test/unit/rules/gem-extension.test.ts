import { describe, expect, it } from 'vitest';
import { gemOf } from '../../support/gem.ts';
import { expectSilent, inspected } from '../../support/inspected.ts';

const RULE = 'gem-extension';

describe('gem-extension', () => {
  it('notes each file that builds an extension, and takes the gem', () => {
    const gem = gemOf({
      files: { 'ext/a/extconf.rb': '', 'ext/b/Rakefile': '' },
      gemspec: { extensions: '\n- ext/a/extconf.rb\n- ext/b/Rakefile' },
    });
    const verdict = inspected(gem, { format: 'gem' });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'note', message: expect.stringContaining('"ext/a/extconf.rb"') },
      { level: 'note', message: expect.stringContaining('"ext/b/Rakefile"') },
    ]);
    expect(verdict.status).toBe('accept');
  });

  it('is silent about such a file that the gemspec does not name', () => {
    expectSilent(inspected(gemOf({ files: { 'ext/a/extconf.rb': '' } }), { format: 'gem' }), RULE);
  });
});
