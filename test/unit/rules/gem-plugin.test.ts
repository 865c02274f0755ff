import { describe, expect, it } from 'vitest';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { expectSilent, inspected } from '../../support/inspected.ts';

const RULE = 'gem-plugin';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

describe('gem-plugin', () => {
  it('notes a plugin in lib', () => {
    const verdict = verdictOf({ files: { 'lib/rubygems_plugin.rb': '' } });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'note', message: expect.stringContaining('"lib/rubygems_plugin.rb"') },
    ]);
    expect(verdict.status).toBe('accept');
  });

  it('notes one in another folder that Ruby loads from, also without Ruby code', () => {
    const verdict = verdictOf({
      files: { 'src/rubygems_plugin.rb': '', 'ext/rubygems_plugin.so': '' },
      gemspec: { require_paths: '\n- lib\n- ./src/\n- ext' },
    });
    expect(verdict.of(RULE)).toHaveLength(2);
  });

  it('notes one of RDoc', () => {
    const verdict = verdictOf({ files: { 'lib/rdoc/discover.rb': '' } });
    expect(verdict.of(RULE)).toMatchObject([
      { level: 'note', message: expect.stringContaining('"lib/rdoc/discover.rb"') },
    ]);
  });

  it('is silent about the name elsewhere', () => {
    const verdict = verdictOf({
      files: {
        'test/rubygems_plugin.rb': '',
        'lib/a/rubygems_plugin.rb': '',
        'lib/discover.rb': '',
        'rdoc/discover.rb': '',
        'lib/rubygems_plugin_test.rb': '',
        'lib/rubygems_plugin/a.rb': '',
        'plugins.rb': '',
      },
    });
    expectSilent(verdict, RULE);
  });
});
